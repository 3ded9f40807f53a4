package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** However often and wherever a download is cut: the file that appears is the one of the server. */
class DownloadCutsPropertyTest {

  private static final int MOST_BYTES = 300_000;

  @Property(tries = 100)
  void aCutDownloadIsByteIdentical(@ForAll Random random) throws IOException, PreflightException {
    byte[] file = new byte[1 + random.nextInt(MOST_BYTES)];
    random.nextBytes(file);
    String kind = List.of("etag", "date", "weak", "no ranges").get(random.nextInt(4));
    // what begins again has no progress, and so the retry time for all its attempts
    int count = 1 + random.nextInt(kind.equals("etag") || kind.equals("date") ? 6 : 3);
    List<Integer> cuts = new ArrayList<>();
    for (int cut = 0; cut < count; cut++) {
      cuts.add(random.nextInt(10) == 0 ? 0 : random.nextInt(file.length));
    }
    Path folder = Files.createTempDirectory("cuts");
    try (RangeStore store = new RangeStore(file, cuts)) {
      switch (kind) {
        case "date" -> store.validator = List.of("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT");
        case "weak" -> store.validator = List.of("ETag", "W/\"v1\"");
        case "no ranges" -> store.ranges = false;
        default -> {}
      }
      Digest digest =
          new Download(
                  store.uri(),
                  StoreAccess.open(
                      new Network(
                          InetAddress::isLoopbackAddress,
                          new Limits(
                              Duration.ofSeconds(2),
                              Duration.ofSeconds(5),
                              Duration.ofSeconds(60))),
                      AllowedHosts.ANY))
              .copyModel(new ModelStore(folder, MOST_BYTES));

      assertThat(digest).isEqualTo(Digest.of(file));
      assertThat(folder.resolve("model.onnx")).hasBinaryContent(file);
      assertThat(folder.toFile().list()).containsExactly("model.onnx");
      Statistics.label("resumed").collect(store.resumed.get() > 0);
      Statistics.label("restarted").collect(store.whole.get() > 1);
    } finally {
      Files.deleteIfExists(folder.resolve("model.onnx"));
      Files.deleteIfExists(folder);
    }
    Statistics.label("resumed").coverage(hits -> hits.check(true).percentage(share -> share > 15));
    Statistics.label("restarted")
        .coverage(hits -> hits.check(true).percentage(share -> share > 15));
  }
}
