package dev.modelserver.server.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelserver.server.TestModels;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.fetch.Limits;
import dev.modelserver.server.fetch.Network;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.secret.MountedSecret;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model behind http: external data, and what is mounted for its source. */
class SourcesPreflightTest {

  @TempDir private Path root;
  private HttpServer store;

  @BeforeEach
  void start() throws IOException {
    store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    store.createContext("/", SourcesPreflightTest::answer);
    store.start();
  }

  @AfterEach
  void stop() {
    store.stop(0);
  }

  @Test
  void externalDataIsFetchedTooAndCountsInTheDigest() throws IOException {
    byte[] weights = Files.readAllBytes(TestModels.FOLDER.resolve("external.bin"));
    Digest model = Digest.of(Files.readAllBytes(TestModels.FOLDER.resolve("external.onnx")));
    String listing =
        "%s  external.onnx\n%s  external.bin\n".formatted(model.hex(), Digest.of(weights).hex());
    Digest whole = Digest.of(listing.getBytes(StandardCharsets.UTF_8));

    Report report = run("", ",\"sha256\":\"%s\"".formatted(whole.hex()));

    assertThat(report.reason()).as(report.message()).isEqualTo(Reason.ModelLoaded);
    assertThat(report.digest()).isEqualTo(whole);
    assertThat(run("", ",\"sha256\":\"%s\"".formatted(model.hex())).reason())
        .isEqualTo(Reason.ChecksumMismatch);
  }

  @Test
  void aSignedUrlCannotBringExternalData() throws IOException {
    Report report = run("?signature=s3cr3t", "");

    assertThat(report.reason()).isEqualTo(Reason.InvalidModel);
    assertThat(report.message())
        .contains("\"external.bin\"", "a signed URL holds for one file only")
        .doesNotContain("s3cr3t");
  }

  @Test
  void aCredentialsSecretIsReadBeforeAnythingIsFetched() throws IOException {
    String credentials = ",\"credentials\":{\"secretName\":\"keys\"}";
    Report absent = run("", credentials);
    assertThat(absent.reason()).isEqualTo(Reason.CredentialsInvalid);
    assertThat(absent.message()).startsWith("Secret keys is not mounted at ");
    assertThat(absent.reason().finalCause()).isFalse();

    MountedSecret.of(root.resolve("credentials")).put("headers", "X-Key: s3cr3t").swap();
    Report plain = run("", credentials);
    assertThat(plain.reason()).isEqualTo(Reason.InvalidConfiguration);
    assertThat(plain.message()).contains("is plain http").doesNotContain("s3cr3t");

    MountedSecret.of(root.resolve("credentials")).put("headers", "x".repeat(70_000)).swap();
    Report large = run("", credentials);
    assertThat(large.reason()).isEqualTo(Reason.CredentialsInvalid);
    assertThat(large.message()).contains("headers of Secret keys has more than 65536 bytes");
  }

  @Test
  void aTrustThatIsNoneIsNamed() throws IOException {
    Report own = run("", ",\"trust\":{\"configMap\":\"company\",\"key\":\"ca.pem\"}");
    assertThat(own.reason()).isEqualTo(Reason.InvalidConfiguration);
    assertThat(own.message()).startsWith("ConfigMap company has no key ca.pem");

    Files.createDirectories(root.resolve("default-trust"));
    Files.writeString(root.resolve("default-trust/ca.crt"), "none");
    assertThat(run("", "").message()).startsWith("key ca.crt of ConfigMap m-trust has no cert");
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Path file = TestModels.FOLDER.resolve(exchange.getRequestURI().getPath().substring(1));
      byte[] bytes = Files.readAllBytes(file);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Report run(String query, String more) throws IOException {
    Files.writeString(
        root.resolve("config.json"),
        "{\"contract\":1,\"model\":{\"name\":\"m\",\"uri\":\"http://127.0.0.1:%d/external.onnx%s\"%s}}"
            .formatted(store.getAddress().getPort(), query, more));
    ServerEnvironment environment = PreflightEnvironment.of(root, root.resolve("source"));
    return new Preflight(
            environment,
            new Network(InetAddress::isLoopbackAddress, Limits.DEFAULT),
            TrialProcesses.inThisOne(environment))
        .run();
  }
}
