package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models out of a real registry. On demand: {@code -Dregistry=PATH} names the program of
 * https://github.com/distribution/distribution.
 */
@Tag("store")
class OciSourceIT {

  private static final Map<String, String> LOGIN =
      Map.of("username", RealRegistry.USER, "password", RealRegistry.PASSWORD);

  @TempDir static Path home;
  private static TestCertificate certificate;
  private static RealRegistry registry;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException, InterruptedException, GeneralSecurityException {
    certificate = TestCertificate.make(home);
    registry = new RealRegistry(System.getProperty("registry"), home, certificate);
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  @Test
  void readsArtifactsAndImages() throws IOException, InterruptedException, PreflightException {
    byte[] model = Files.readAllBytes(TestModels.file("external"));
    byte[] weights = Files.readAllBytes(TestModels.FOLDER.resolve("external.bin"));
    OciContent content = new OciContent();
    Digest artifact =
        content.artifact("artifact", Map.of("external.onnx", model, "external.bin", weights));
    Digest image =
        content.image(
            "image",
            OciContent.TAR_GZIP,
            new TestTar().file("models/external.bin", new byte[3]).bytes(),
            new TestTar()
                .file("models/external.onnx", model)
                .file("models/external.bin", weights)
                .bytes());
    registry.push(content);

    OciReader reader = OciReader.of(folder, certificate.trust()).secret(LOGIN);
    for (String tag : new String[] {"artifact", "image"}) {
      Digest expected = tag.equals("image") ? image : artifact;
      assertThat(reader.read(registry.reference(":" + tag), "external.bin")).isEqualTo(expected);
      assertThat(reader.read(registry.reference("@sha256:" + expected.hex()), "external.bin"))
          .isEqualTo(expected);
      assertThat(folder.resolve("model.onnx")).hasBinaryContent(model);
      assertThat(folder.resolve("external.bin")).hasBinaryContent(weights);
    }
  }

  @Test
  void saysWhatIsMissingOrForbidden() throws IOException, InterruptedException, PreflightException {
    OciContent content = new OciContent();
    var _ = content.artifact("1", Map.of("net.onnx", new byte[9]));
    registry.push(content);
    OciReader anybody = OciReader.of(folder, certificate.trust());

    PreflightException tag = anybody.secret(LOGIN).failure(registry.reference(":none"));
    assertThat(tag.reason()).as(tag.sentence()).isEqualTo(Reason.ModelNotFound);
    PreflightException forbidden = anybody.failure(registry.reference(":1"));
    assertThat(forbidden.reason()).as(forbidden.sentence()).isEqualTo(Reason.DownloadForbidden);
    PreflightException wrong =
        anybody
            .secret(Map.of("username", RealRegistry.USER, "password", "other"))
            .failure(registry.reference(":1"));
    assertThat(wrong.reason()).as(wrong.sentence()).isEqualTo(Reason.DownloadForbidden);
    assertThat(wrong.sentence()).contains("Secret registry-login");
    PreflightException trust = OciReader.of(folder, Trust.PUBLIC).failure(registry.reference(":1"));
    assertThat(trust.reason()).as(trust.sentence()).isEqualTo(Reason.DownloadTlsFailed);
  }
}
