package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.fetch.ModelStore.Part;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {

  private static final byte[] FILE = "the bytes of a model".getBytes(StandardCharsets.UTF_8);
  private static final int BROKEN = 7;

  @TempDir Path folder;

  @Test
  void aFileOfAKnownVersionIsContinuedWithTheDigestOfTheWhole() throws Exception {
    ModelStore store = new ModelStore(folder, 1000);
    breakOff(store, new Part(0, FILE.length, Optional.of("\"v1\"")));

    Part left = new ModelStore(folder, 1000).left("m").orElseThrow();
    assertThat(left).isEqualTo(new Part(BROKEN, -1, Optional.of("\"v1\"")));
    Digest digest = store.copy(rest(), new Part(BROKEN, FILE.length, Optional.of("\"v1\"")), "m");

    assertThat(digest).isEqualTo(Digest.of(FILE));
    assertThat(folder.resolve("m")).hasBinaryContent(FILE);
    assertThat(folder.toFile().list()).containsExactly("m");
    assertThat(store.bytes()).isEqualTo(FILE.length);
  }

  @Test
  void nothingIsKeptOfAFileOfAnUnknownVersion() {
    ModelStore store = new ModelStore(folder, 1000);
    breakOff(store, Part.whole(FILE.length));

    assertThat(store.left("m")).isEmpty();
    assertThat(folder.toFile().list()).isEmpty();
  }

  @Test
  void anotherVersionBeginsAnew() throws Exception {
    ModelStore store = new ModelStore(folder, 1000);
    breakOff(store, new Part(0, FILE.length, Optional.of("\"v1\"")));

    Digest digest =
        store.copy(new ByteArrayInputStream(FILE), new Part(0, -1, Optional.of("\"v2\"")), "m");

    assertThat(digest).isEqualTo(Digest.of(FILE));
    assertThat(folder.toFile().list()).containsExactly("m");
  }

  @Test
  void aStreamThatEndsTooEarlyIsNoFile() {
    assertThatThrownBy(
            () ->
                new ModelStore(folder, 1000)
                    .copy(new ByteArrayInputStream(FILE), Part.whole(FILE.length + 1), "m"))
        .isInstanceOf(IOException.class);
    assertThat(folder.toFile().list()).isEmpty();
  }

  @Test
  void theLimitCountsWhatIsThereAlready() {
    ModelStore store = new ModelStore(folder, FILE.length - 1);
    breakOff(store, new Part(0, -1, Optional.of("\"v1\"")));

    assertThatThrownBy(() -> store.copy(rest(), new Part(BROKEN, -1, Optional.of("\"v1\"")), "m"))
        .isInstanceOf(PreflightException.class)
        .hasMessageContaining("raise spec.model.maxSize");
    assertThat(folder.toFile().list()).isEmpty();
  }

  private static void breakOff(ModelStore store, Part part) {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the connection broke");
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("the connection broke");
          }
        };
    InputStream begun = new SequenceInputStream(new ByteArrayInputStream(FILE, 0, BROKEN), broken);
    assertThatThrownBy(() -> store.copy(begun, part, "m")).isInstanceOf(IOException.class);
  }

  private static InputStream rest() {
    return new ByteArrayInputStream(FILE, BROKEN, FILE.length - BROKEN);
  }
}
