package dev.modelserver.server.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileFormatTest {

  private static final String POINTER =
      "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                        | is empty; copy or upload
          version https://git-lfs.github.com/spec/v1                | a Git LFS pointer, not an ONNX model; run "git lfs pull"
          version https://hawser.github.com/spec/v1                 | a Git LFS pointer
          /annex/objects/SHA256E-s31390--f50d7ac4                   | a git-annex pointer
          <!DOCTYPE html><html lang="en">                           | an HTML page
          '  <!-- a comment --><HTML><head>'                        | an HTML page
          <?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error> | an XML document with the code NoSuchKey
          <net name="openvino" version="11">                        | an XML document,
          {"message": "Not Found", "status": "404"}                 | JSON ("{"message": "Not Found"
          [1, 2]                                                    | JSON ("[1, 2]")
          {"learner":{"attributes":{}}}                             | an XGBoost model
          Entry not found                                           | text ("Entry not found")
          Zugriff verweigert für diesen Benutzer                    | text ("Zugriff verweigert für
          """)
  void recognizesText(String content, String words) throws IOException {
    assertThat(sentence(content.getBytes(StandardCharsets.UTF_8))).contains(words);
    if (!content.isEmpty()) {
      byte[] marked = ("\uFEFF\r\n " + content + "\n").getBytes(StandardCharsets.UTF_8);
      assertThat(sentence(marked)).contains(words);
    }
  }

  /** The first bytes of files that the libraries of each format wrote. */
  @ParameterizedTest
  @CsvSource({
    "80049504020000000000008c1e736b6c6561726e, a Python pickle",
    "800263736b6c6561726e2e6c696e6561725f6d6f, a Python pickle",
    "63636f70795f7265670a5f7265636f6e73747275, a Python pickle",
    "785e7d53df4b145114de697fb258ada9e0af4c93, a Python pickle",
    "80028a0a6cfc9c46f9206aa850192e80024de903, a PyTorch file",
    "425a6833314159265359622145880001637fffff, a bzip2 file",
    "fd377a585a000004e6d6b4460200210114000000, an xz file",
    "28b52ffd04584d0000000000, a Zstandard file",
    "377abcaf271c0004, a 7z file",
    "894844460d0a1a0a0000000000080800, an HDF5 file",
    "1c00000054464c3314002000, a TensorFlow Lite model",
    "240000004f52544d00000000, a model in ORT format",
    "4747554603000000, a GGUF file",
    "58000000000000007b225f5f6d65746164617461, a safetensors file",
    "43424d31302a000014000000, a CatBoost model",
    "7b4c00000000000000076c6561726e65727b4c00, an XGBoost model",
    "7472656520, text",
    "747265650a76657273696f6e3d76340a6e756d5f, a LightGBM model",
    "934e554d5059010076007b276465736372273a20, a NumPy array",
  })
  void recognizesBinaryFiles(String hex, String words) throws IOException {
    assertThat(sentence(HexFormat.of().parseHex(hex))).contains(words);
  }

  @Test
  void recognizesArchives() throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(Files.readAllBytes(TestModels.file("linear")));
    }
    assertThat(sentence(gzip.toByteArray())).contains("a gzip file", "unpack it");
    assertThat(sentence(zip("model.onnx"))).contains("a zip file", "unpack it");
    assertThat(sentence(zip("archive/data.pkl"))).contains("a PyTorch file", "torch.onnx.export");
    assertThat(sentence(zip("metadata.json"))).contains("a Keras file", "tf2onnx");
    byte[] tar = new byte[512];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    assertThat(sentence(tar)).contains("a tar file");
  }

  @Test
  void takesEveryModelOfTheTestsForAModel() throws IOException {
    List<Path> models;
    try (Stream<Path> files = Files.list(TestModels.FOLDER)) {
      models = files.filter(file -> file.toString().endsWith(".onnx")).toList();
    }
    assertThat(models).hasSizeGreaterThan(50);
    for (Path model : models) {
      assertThat(FileFormat.of(model)).as(model.toString()).isEmpty();
    }
  }

  /** What an error page says ends up in a status: one short line without control characters. */
  @Test
  void showsAShortLineOfAText() throws IOException {
    assertThat(
            sentence(("no\r\n\tsuch   file " + "x".repeat(500)).getBytes(StandardCharsets.UTF_8)))
        .contains("text (\"no such file xxx")
        .doesNotContain("\n")
        .hasSizeLessThan(200);
    assertThat(sentence("a\u001b[31mred".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void knowsThePointerInPlaceOfExternalData() throws IOException {
    Path file = folder.resolve("weights.bin");
    Files.writeString(file, POINTER);
    assertThat(FileFormat.isPointer(file)).isTrue();
    Files.write(file, new byte[100]);
    assertThat(FileFormat.isPointer(file)).isFalse();
    Files.write(file, new byte[0]);
    assertThat(FileFormat.isPointer(file)).isFalse();
  }

  private static byte[] zip(String entry) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.putNextEntry(new ZipEntry(entry));
      out.write(new byte[10]);
    }
    return bytes.toByteArray();
  }

  /** The sentence; empty when the file may be a model. */
  private String sentence(byte[] content) throws IOException {
    Path file = folder.resolve("file");
    Files.write(file, content);
    return FileFormat.of(file).map(FileFormat::sentence).orElse("");
  }
}
