package dev.modelserver.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.model.ModelDirectory.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {

  private static final Digest IDENTITY = Digest.of(new byte[] {9});

  @TempDir Path folder;
  private ModelDirectory directory;
  private List<Entry> one;
  private List<Entry> two;

  @BeforeEach
  void fill() throws IOException {
    directory = new ModelDirectory(folder);
    Files.write(directory.modelFile(), new byte[] {1});
    Files.write(folder.resolve("weights.bin"), new byte[] {2});
    one = List.of(new Entry(Digest.of(new byte[] {1}), "net.onnx"));
    two = List.of(one.getFirst(), new Entry(Digest.of(new byte[] {2}), "weights.bin"));
  }

  @Test
  void namesTheModelByItsFiles() throws IOException {
    directory.seal(one);
    assertThat(directory.verify()).isEqualTo(Digest.of(new byte[] {1}));

    directory.seal(two);
    assertThat(directory.verify()).isEqualTo(ModelDirectory.digest(two));
    Files.write(folder.resolve("weights.bin"), new byte[] {3});
    assertThatThrownBy(directory::verify)
        .isInstanceOf(DigestMismatchException.class)
        .hasMessageContaining("\"weights.bin\" changed");
  }

  @Test
  void namesTheModelByItsSourceAndComparesItsFiles() throws IOException {
    directory.seal(IDENTITY, one);
    assertThat(directory.verify()).isEqualTo(IDENTITY);
    assertThat(folder.resolve(ModelDirectory.DIGEST_FILE))
        .hasContent(IDENTITY.hex() + " source\n" + one.getFirst().digest().hex() + "  net.onnx\n");

    directory.seal(IDENTITY, two);
    assertThat(directory.verify()).isEqualTo(IDENTITY);
    Files.write(directory.modelFile(), new byte[] {4});
    assertThatThrownBy(directory::verify)
        .isInstanceOf(DigestMismatchException.class)
        .hasMessageContaining("\"net.onnx\" changed");
  }

  @Test
  void refusesADigestFileThatListsNothing() throws IOException {
    for (String text : List.of("", "\n", IDENTITY.hex() + " source\n", "source\n")) {
      Files.writeString(folder.resolve(ModelDirectory.DIGEST_FILE), text);
      assertThatThrownBy(directory::verify).as(text).isInstanceOf(IOException.class);
    }
  }
}
