package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.config.SourceConfig;
import dev.modelserver.server.model.Digest;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** However often and wherever the answers are cut: the file that appears is the object. */
class S3CutsPropertyTest {

  private static final int MOST_BYTES = 300_000;

  /** Attempts without progress share the retry time. */
  private static final Limits LIMITS =
      new Limits(Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(60));

  @Property(tries = 60)
  void aCutObjectIsByteIdentical(@ForAll Random random) throws Exception {
    byte[] file = new byte[100_000 + random.nextInt(MOST_BYTES - 100_000)];
    random.nextBytes(file);
    boolean changes = random.nextInt(3) == 0;
    int count = 1 + random.nextInt(changes ? 2 : 4);
    Path folder = Files.createTempDirectory("s3-cuts");
    try (S3Stand stand = new S3Stand(file);
        TlsStore store = new TlsStore(stand)) {
      for (int cut = 0; cut < count; cut++) {
        // also at the very end: then nothing is left of the object
        stand.cuts.add(random.nextInt(10) == 0 ? 0 : random.nextInt(file.length + 1));
      }
      stand.next = changes ? Optional.of("\"v2\"") : Optional.empty();
      Digest digest =
          S3Objects.of(
                  new ModelSource.S3Object("bucket", S3Stand.KEY),
                  new SourceConfig.S3(store.uri("").toString(), null, true),
                  new StoreAccess(
                      new Network(InetAddress::isLoopbackAddress, LIMITS),
                      AllowedHosts.ANY,
                      TlsStore.secret(
                          Map.of("AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "secret")),
                      TlsStore.trust(),
                      Optional.empty()))
              .copyModel(new ModelStore(folder, MOST_BYTES));

      assertThat(digest).isEqualTo(Digest.of(file));
      assertThat(folder.resolve("model.onnx")).hasBinaryContent(file);
      assertThat(folder.toFile().list()).containsExactly("model.onnx");
      Statistics.label("resumed").collect(stand.resumed.get() > 0);
      Statistics.label("changed").collect(stand.changed.get() > 0);
    } finally {
      for (String left : Objects.requireNonNull(folder.toFile().list())) {
        Files.delete(folder.resolve(left));
      }
      Files.deleteIfExists(folder);
    }
    Statistics.label("resumed").coverage(hits -> hits.check(true).percentage(share -> share > 25));
    Statistics.label("changed").coverage(hits -> hits.check(true).percentage(share -> share > 5));
  }
}
