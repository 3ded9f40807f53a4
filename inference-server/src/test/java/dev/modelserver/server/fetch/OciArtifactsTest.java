package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OciArtifactsTest {

  private static final byte[] MODEL = OciContent.bytes("the bytes of a model".repeat(5000));
  private static final byte[] WEIGHTS = OciContent.bytes("the weights of a model".repeat(300));

  @TempDir static Path keys;
  private static TestCertificate certificate;

  @TempDir Path folder;
  private TestRegistry registry;

  @BeforeAll
  static void certify() throws IOException, InterruptedException, GeneralSecurityException {
    certificate = TestCertificate.make(keys);
  }

  @BeforeEach
  void start() throws IOException {
    registry = new TestRegistry(certificate);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private OciReader reader() {
    return OciReader.of(folder, certificate.trust());
  }

  @Test
  void readsAnArtifactByTagAndByDigest() throws PreflightException {
    Digest manifest =
        registry.content.artifact(
            "1", Map.of("net.onnx", MODEL, "net.bin", WEIGHTS, "README.md", new byte[9]));

    assertThat(reader().read(registry.reference(":1"), "net.bin")).isEqualTo(manifest);
    assertThat(reader().read(registry.reference("@sha256:" + manifest.hex()))).isEqualTo(manifest);

    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);
    assertThat(folder.resolve("net.bin")).hasBinaryContent(WEIGHTS);
    assertThat(folder).isDirectoryNotContaining("glob:**README*");
  }

  @Test
  void findsExternalDataBesideTheModelInAFolderOfTheArtifact() throws PreflightException {
    var _ =
        registry.content.artifact(
            "1", Map.of("./a/net.onnx", MODEL, "a/w/net.bin", WEIGHTS, "net.bin", new byte[3]));

    var _ = reader().read(registry.reference(":1"), "w/net.bin");

    assertThat(folder.resolve("w/net.bin")).hasBinaryContent(WEIGHTS);
    assertThat(reader().failure(registry.reference(":1"), "net.bin").sentence())
        .contains("\"net.bin\", which is not beside it");
    assertThat(reader().failure(registry.reference(":1"), "../net.bin").reason())
        .isEqualTo(Reason.ExternalDataOutside);
  }

  @ParameterizedTest
  @CsvSource({
    OciContent.TAR,
    OciContent.TAR_GZIP,
    "application/vnd.docker.image.rootfs.diff.tar.gzip"
  })
  void readsAnImage(String mediaType) throws PreflightException {
    Digest manifest =
        registry.content.image(
            "1",
            mediaType,
            new TestTar().folder("models").file("models/old.onnx", new byte[4]).bytes(),
            new TestTar()
                .file("models/net.onnx", MODEL)
                .file("models/net.bin", WEIGHTS)
                .file("models/.wh.old.onnx", new byte[0])
                .file("models/README", new byte[100])
                .file("bin/sh", new byte[5000])
                .bytes());

    assertThat(reader().read(registry.reference(":1"), "net.bin")).isEqualTo(manifest);

    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);
    assertThat(folder.resolve("net.bin")).hasBinaryContent(WEIGHTS);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("model.onnx", "net.bin");
  }

  @Test
  void takesTheNamedFileOfAnImage() throws PreflightException {
    var _ =
        registry.content.image(
            "1",
            OciContent.TAR_GZIP,
            new TestTar()
                .file("net.onnx", MODEL)
                .file("opt/x/net.onnx", WEIGHTS)
                .file("opt/x/other.onnx", new byte[2 << 20])
                .bytes());

    var _ = reader().file("/opt/x/net.onnx").read(registry.reference(":1"));
    assertThat(folder.resolve("model.onnx")).hasBinaryContent(WEIGHTS);
    var _ = reader().file("net.onnx").read(registry.reference(":1"));
    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);
  }

  @Test
  void refusesLinksAndDevices() {
    var _ =
        registry.content.image(
            "1",
            OciContent.TAR,
            new TestTar()
                .symbolicLink("models/net.onnx", "/etc/passwd")
                .hardLink("models/hard.onnx", "etc/passwd")
                .device("models/zero.onnx")
                .bytes());
    var _ =
        registry.content.image(
            "2", OciContent.TAR, new TestTar().symbolicLink("models", "/etc").bytes());
    var _ =
        registry.content.image(
            "3",
            OciContent.TAR,
            new TestTar().file("models/net.onnx", MODEL).hardLink("models/net.bin", "x").bytes());

    for (String name : List.of("net", "hard", "zero")) {
      PreflightException failure =
          reader().file("models/%s.onnx".formatted(name)).failure(registry.reference(":1"));
      assertThat(failure.reason()).isEqualTo(Reason.ModelNotFound);
      assertThat(failure.sentence()).contains("is a link or a device");
    }
    assertThat(reader().failure(registry.reference(":2")).sentence()).contains("/models in ");
    assertThat(reader().failure(registry.reference(":3"), "net.bin").reason())
        .isEqualTo(Reason.ExternalDataOutside);
  }

  @Test
  void choosesThePlatformOfThisMachine() throws PreflightException {
    String platform =
        System.getProperty("os.arch").equals("aarch64") ? "linux/arm64" : "linux/amd64";
    Digest own =
        registry.content.image(
            "own", OciContent.TAR, new TestTar().file("models/a.onnx", MODEL).bytes());
    Digest other =
        registry.content.image(
            "other", OciContent.TAR, new TestTar().file("models/a.onnx", WEIGHTS).bytes());
    Digest index =
        registry.content.index(
            "1", Map.of("linux/s390x", other, platform, own, "unknown/unknown", other));
    var _ = registry.content.index("only", Map.of("linux/s390x", own, "unknown/unknown", other));
    var _ = registry.content.index("none", Map.of("linux/s390x", own, "windows/amd64", other));
    var _ = registry.content.index("nested", Map.of(platform, index));

    assertThat(reader().read(registry.reference(":1"))).isEqualTo(index);
    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);
    var _ = reader().read(registry.reference(":only"));
    assertThat(reader().failure(registry.reference(":none")).sentence())
        .contains("has no manifest for linux/", "linux/s390x, windows/amd64");
    assertThat(reader().failure(registry.reference(":nested")).sentence())
        .contains("index of indexes");
  }

  @Test
  void saysWhichFilesThereAre() {
    Map<String, byte[]> many = new TreeMap<>();
    for (int i = 0; i < 12; i++) {
      many.put("net-%02d.onnx".formatted(i), MODEL);
    }
    var _ = registry.content.artifact("many", many);
    var _ = registry.content.artifact("none", Map.of("net.pt", MODEL));
    var _ = registry.content.image("image", OciContent.TAR, new TestTar().bytes());
    var _ =
        registry.content.image(
            "two",
            OciContent.TAR,
            new TestTar().file("models/a.onnx", MODEL).file("models/b.onnx", MODEL).bytes());

    assertThat(reader().failure(registry.reference(":many")).sentence())
        .contains("has 12 files that end in .onnx (net-00.onnx, ", "net-09.onnx and 2 more)")
        .endsWith("name the model's in spec.model.file");
    assertThat(reader().failure(registry.reference(":none")).sentence())
        .contains("has no file that ends in .onnx; it has net.pt: name");
    assertThat(reader().file("b.onnx").failure(registry.reference(":none")).sentence())
        .contains("has no file \"b.onnx\"; it has net.pt: correct spec.model.file");
    assertThat(reader().failure(registry.reference(":image")).sentence())
        .contains("in its folder /models, has no file that ends in .onnx; it has none");
    assertThat(reader().failure(registry.reference(":two")).sentence())
        .contains("has 2 files that end in .onnx (models/a.onnx, models/b.onnx)");
  }

  @Test
  void refusesWhatIsNoManifestOfFiles() {
    registry.content.put("html", OciContent.bytes("<html>log in</html>"));
    registry.content.put("v1", OciContent.bytes("{\"schemaVersion\":1,\"fsLayers\":[]}"));
    registry.content.put("large", new byte[(4 << 20) + 1]);
    String layer = registry.content.descriptor(OciContent.TAR, new byte[1], "");
    List<String> layers = new ArrayList<>();
    for (int i = 0; i < 1001; i++) {
      layers.add(layer);
    }
    var _ = registry.content.manifest("layers", layers);
    var _ =
        registry.content.manifest(
            "zstd", List.of(registry.content.descriptor(OciContent.TAR + "+zstd", MODEL, "")));
    var _ =
        registry.content.manifest(
            "type", List.of(registry.content.descriptor("application/wasm", MODEL, "")));
    var _ = registry.content.manifest("sha512", List.of("{\"digest\":\"sha512:00\",\"size\":1}"));

    Map.of(
            "html", "answered text that is not JSON",
            "v1", "no manifest of schema 2",
            "large", "has more than 4194304 bytes",
            "layers", "has 1001 layers, more than the 1000",
            "zstd", "compressed with zstd, which is not supported; build the image with gzip",
            "type", "\"application/wasm\" without a title",
            "sha512", "no SHA-256")
        .forEach(
            (tag, part) ->
                assertThat(reader().failure(registry.reference(":" + tag)).sentence())
                    .contains(part, "team/model:" + tag));
  }

  @Test
  void comparesEveryDigest() throws PreflightException {
    Digest manifest = registry.content.artifact("1", Map.of("net.onnx", MODEL));
    String blob = "sha256:" + Digest.of(MODEL).hex();

    registry.next(blob, TestRegistry.damaged());
    var _ = reader().read(registry.reference(":1"));
    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);

    registry.next(blob, TestRegistry.damaged(), TestRegistry.damaged());
    PreflightException failure = reader().failure(registry.reference(":1"));
    assertThat(failure.reason()).isEqualTo(Reason.DownloadFailed);
    assertThat(failure.sentence()).contains("sent other content than the blob " + blob);

    registry.content.manifests.put("sha256:" + manifest.hex(), OciContent.bytes("{}"));
    assertThat(reader().failure(registry.reference("@sha256:" + manifest.hex())).sentence())
        .contains(
            "answered a manifest with the SHA-256 " + Digest.of(OciContent.bytes("{}")).hex());
  }

  @Test
  void comparesTheDigestsOfLayers() throws PreflightException {
    byte[] tar = new TestTar().file("models/net.onnx", MODEL).file("x", new byte[9]).bytes();
    var _ = registry.content.image("1", OciContent.TAR, tar);
    String blob = "sha256:" + Digest.of(tar).hex();

    registry.next(blob, TestRegistry.damaged());
    var _ = reader().read(registry.reference(":1"));
    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);

    registry.next(blob, TestRegistry.damaged(), TestRegistry.damaged());
    assertThat(reader().failure(registry.reference(":1")).sentence())
        .contains("sent other content than the blob " + blob);
  }

  @Test
  void continuesABrokenDownload() throws PreflightException {
    var _ = registry.content.artifact("1", Map.of("net.onnx", MODEL));
    registry.next("sha256:" + Digest.of(MODEL).hex(), TestRegistry.cut());

    var _ = reader().read(registry.reference(":1"));

    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);
    assertThat(registry.requests.getLast().range()).startsWith("bytes=").isNotEqualTo("bytes=0-");
  }

  @Test
  void readsALayerAgainWhoseConnectionBroke() throws PreflightException, IOException {
    byte[] tar = new TestTar().file("models/net.onnx", MODEL).bytes();
    var _ = registry.content.image("1", OciContent.TAR, tar);
    registry.next("sha256:" + Digest.of(tar).hex(), TestRegistry.cut());

    var _ = reader().read(registry.reference(":1"));

    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);
    assertThat(Files.exists(folder.resolve("layers.part"))).isFalse();
  }

  @Test
  void boundsWhatUnpacks() {
    var _ =
        registry.content.image(
            "content",
            OciContent.TAR_GZIP,
            new TestTar().file("models/net.onnx", new byte[4 << 20]).bytes());
    var _ =
        registry.content.image(
            "name",
            OciContent.TAR_GZIP,
            new TestTar().longName("n".repeat(4 << 20), true).file("n", new byte[0]).bytes());
    var _ =
        registry.content.image(
            "attributes",
            OciContent.TAR_GZIP,
            new TestTar().longName("n".repeat(4 << 20), false).file("n", new byte[0]).bytes());
    var _ =
        registry.content.image(
            "path",
            OciContent.TAR_GZIP,
            new TestTar()
                .longName("models/" + "a/".repeat(600) + "net.onnx", true)
                .file("n", new byte[1])
                .bytes());
    String layer = registry.content.descriptor(OciContent.TAR_GZIP, new byte[2000], "");
    var _ = registry.content.manifest("damaged", List.of(layer));

    PreflightException tooLarge = reader().failure(registry.reference(":content"));
    assertThat(tooLarge.reason()).isEqualTo(Reason.ModelTooLarge);
    for (String tag : List.of("name", "attributes")) {
      assertThat(reader().failure(registry.reference(":" + tag)).sentence())
          .contains("has an entry whose name and attributes take more than 1048576 bytes");
    }
    assertThat(reader().failure(registry.reference(":path")).sentence())
        .contains("its path has more than 1024 characters");
    assertThat(reader().failure(registry.reference(":damaged")).sentence())
        .contains("cannot be unpacked as " + OciContent.TAR_GZIP, "(ZipException)");
  }

  @Test
  void refusesAnArtifactThatIsTooLargeBeforeItsFirstByte() {
    var _ = registry.content.artifact("1", Map.of("net.onnx", new byte[2 << 20]));

    assertThat(reader().failure(registry.reference(":1")).reason()).isEqualTo(Reason.ModelTooLarge);
    assertThat(registry.requests).hasSize(1);
  }
}
