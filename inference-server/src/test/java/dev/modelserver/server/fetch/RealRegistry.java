package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.awaitility.Awaitility;

/** A process of Distribution's registry, with TLS and one user, and uploads to it. */
final class RealRegistry implements AutoCloseable {

  static final String USER = "robot";
  static final String PASSWORD = "word-of-test";

  /** The password above, as bcrypt has it with the fewest rounds. */
  private static final String HASH = "$2b$05$abcdefghijklmnopqrstuuhV0fvuaPt1Jj/Kua7EFTf248P/Mliou";

  private final Process process;
  private final int port;
  private final HttpClient client;

  RealRegistry(String program, Path folder, TestCertificate certificate)
      throws IOException, GeneralSecurityException {
    port = freePort();
    client = HttpClient.newBuilder().sslContext(certificate.trust().context()).build();
    Files.writeString(folder.resolve("tls.crt"), TestCertificate.pem(folder));
    Files.writeString(folder.resolve("tls.key"), TestCertificate.keyPem(folder));
    Files.writeString(folder.resolve("htpasswd"), USER + ":" + HASH + "\n");
    Path config =
        Files.writeString(
            folder.resolve("registry.yml"),
            """
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: %1$s/data}}
            http: {addr: "127.0.0.1:%2$d", tls: {certificate: %1$s/tls.crt, key: %1$s/tls.key}}
            auth: {htpasswd: {realm: test, path: %1$s/htpasswd}}
            """
                .formatted(folder, port));
    process =
        new ProcessBuilder(program, "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("registry.log").toFile())
            .start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> send("GET", "/v2/", Map.of(), new byte[0]).statusCode() == 200);
  }

  OciReference reference(String reference) {
    return OciReference.parse("localhost:%d/team/model%s".formatted(port, reference)).orElseThrow();
  }

  /** Uploads all blobs and manifests. */
  void push(OciContent content) throws IOException, InterruptedException {
    for (Map.Entry<String, byte[]> blob : content.blobs.entrySet()) {
      String location =
          send("POST", "/v2/team/model/blobs/uploads/", Map.of(), new byte[0])
              .headers()
              .firstValue("Location")
              .orElseThrow();
      HttpResponse<String> stored =
          send(
              "PUT",
              location + (location.contains("?") ? "&" : "?") + "digest=" + blob.getKey(),
              Map.of("Content-Type", "application/octet-stream"),
              blob.getValue());
      assertThat(stored.statusCode()).as(stored.body()).isEqualTo(201);
    }
    for (Map.Entry<String, byte[]> manifest : content.manifests.entrySet()) {
      HttpResponse<String> stored =
          send(
              "PUT",
              "/v2/team/model/manifests/" + manifest.getKey(),
              Map.of("Content-Type", OciContent.MANIFEST),
              manifest.getValue());
      assertThat(stored.statusCode()).as(stored.body()).isEqualTo(201);
    }
  }

  private HttpResponse<String> send(
      String method, String path, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + port).resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(OciContent.bytes(USER + ":" + PASSWORD)));
    headers.forEach(request::header);
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    process.destroyForcibly();
  }
}
