package dev.modelserver.server.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.fetch.Limits;
import dev.modelserver.server.fetch.Network;
import dev.modelserver.server.fetch.OciContent;
import dev.modelserver.server.fetch.TestCertificate;
import dev.modelserver.server.fetch.TestRegistry;
import dev.modelserver.server.fetch.TestTar;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of two files out of a registry with a private authority and a password. */
class OciPreflightTest {

  @TempDir static Path keys;
  private static TestCertificate certificate;

  @TempDir Path root;
  private TestRegistry registry;

  @BeforeAll
  static void certify() throws IOException, InterruptedException, GeneralSecurityException {
    certificate = TestCertificate.make(keys);
  }

  @BeforeEach
  void start() throws IOException, GeneralSecurityException {
    registry = new TestRegistry(certificate);
    registry.askForTokens();
    Files.writeString(
        Files.createDirectories(root.resolve("default-trust")).resolve("ca.crt"),
        TestCertificate.pem(keys));
    Files.writeString(
        Files.createDirectories(root.resolve("credentials")).resolve(".dockerconfigjson"),
        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}"
            .formatted(registry.host(), TestRegistry.basic().substring("Basic ".length())));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void theDigestIsTheManifestsAndServeComparesTheFiles() throws IOException {
    byte[] model = Files.readAllBytes(TestModels.file("external"));
    byte[] weights = Files.readAllBytes(TestModels.FOLDER.resolve("external.bin"));
    Digest artifact =
        registry.content().artifact("artifact", Map.of("net.onnx", model, "external.bin", weights));
    Digest image =
        registry
            .content()
            .image(
                "image",
                OciContent.TAR_GZIP,
                new TestTar()
                    .file("models/net.onnx", model)
                    .file("models/external.bin", weights)
                    .file("models/README", new byte[50])
                    .bytes());

    for (String tag : new String[] {"artifact", "image"}) {
      Digest expected = tag.equals("image") ? image : artifact;
      Files.writeString(root.resolve("pin"), expected.hex());
      Report report = run(tag, ",\"sha256\":\"%s\"".formatted(expected.hex()));

      assertThat(report.reason()).as(report.message()).isEqualTo(Reason.ModelLoaded);
      assertThat(report.digest()).isEqualTo(expected);
      assertThat(report.bytes()).isEqualTo(model.length + weights.length);
      assertThat(new ModelDirectory(root.resolve("model")).verify()).isEqualTo(expected);
    }
  }

  @Test
  void anotherManifestIsNotedBeforeAnyBlob() throws IOException {
    Digest artifact = registry.content().artifact("1", Map.of("net.onnx", new byte[9]));

    Report checksum = run("1", ",\"sha256\":\"%s\"".formatted("0".repeat(64)));
    Files.writeString(root.resolve("pin"), "1".repeat(64));
    Report pin = run("1", "");

    assertThat(checksum.reason()).as(checksum.message()).isEqualTo(Reason.ChecksumMismatch);
    assertThat(checksum.message()).contains(artifact.hex() + " (of its manifest), but");
    assertThat(checksum.digest()).isEqualTo(artifact);
    assertThat(pin.reason()).as(pin.message()).isEqualTo(Reason.DigestMismatch);
    assertThat(registry.paths()).noneMatch(path -> path.contains("/blobs/"));
  }

  @Test
  void theFilesDigestIsNotComparedWithTheManifests() throws IOException {
    Digest artifact = registry.content().artifact("1", Map.of("net.onnx", new byte[9]));

    Report report = run("1", ",\"sha256\":\"%s\"".formatted(artifact.hex()));

    assertThat(report.reason()).as(report.message()).isEqualTo(Reason.InvalidModel);
    assertThat(report.digest()).isEqualTo(artifact);
  }

  private Report run(String tag, String more) throws IOException {
    Files.writeString(
        root.resolve("config.json"),
        "{\"contract\":1,\"model\":{\"name\":\"m\",\"uri\":\"oci://%s/team/model:%s\",\"credentials\":{\"secretName\":\"s\"}%s}}"
            .formatted(registry.host(), tag, more));
    ServerEnvironment environment = PreflightEnvironment.of(root, root.resolve("source"));
    return new Preflight(
            environment,
            new Network(InetAddress::isLoopbackAddress, Limits.DEFAULT),
            TrialProcesses.inThisOne(environment))
        .run();
  }
}
