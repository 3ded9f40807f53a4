package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.config.SourceConfig;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * With a real MinIO, which checks signatures. On demand: {@code -Dminio=/path/to/minio}, the
 * program.
 */
@Tag("store")
class S3SourceIT {

  private static final Map<String, String> ROOT =
      Map.of("AWS_ACCESS_KEY_ID", "root-user", "AWS_SECRET_ACCESS_KEY", "root-password");
  private static final byte[] MODEL = bytes(8 << 20);
  private static final String KEY = "iris/model one+two%.onnx";

  @TempDir static Path home;
  @TempDir Path folder;
  private static Process minio;
  private static URI endpoint;

  @BeforeAll
  static void start() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path certificates = Files.createDirectories(home.resolve("certs"));
    pem(
        certificates.resolve("public.crt"),
        "CERTIFICATE",
        TlsStore.CERTIFICATE.certificate().getEncoded());
    pem(
        certificates.resolve("private.key"),
        "PRIVATE KEY",
        TlsStore.CERTIFICATE.key().getEncoded());
    ProcessBuilder builder =
        new ProcessBuilder(
                System.getProperty("minio"),
                "server",
                "--address",
                "127.0.0.1:" + port,
                "--certs-dir",
                certificates.toString(),
                Files.createDirectories(home.resolve("data")).toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log").toFile());
    builder.environment().put("MINIO_ROOT_USER", ROOT.get("AWS_ACCESS_KEY_ID"));
    builder.environment().put("MINIO_ROOT_PASSWORD", ROOT.get("AWS_SECRET_ACCESS_KEY"));
    builder.environment().put("HOME", home.toString());
    minio = builder.start();
    endpoint = URI.create("https://localhost:" + port);
    await().atMost(Duration.ofSeconds(60)).until(() -> listens(port));
    try (S3Transport transport =
            new S3Transport(TlsStore.access(ROOT, TlsStore.trust(), Optional.empty()));
        S3Client client =
            S3Endpoint.of(new SourceConfig.S3(endpoint.toString(), null, true))
                .client(
                    transport,
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("root-user", "root-password")))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(
              () -> {
                transport.until(System.nanoTime() + Duration.ofSeconds(30).toNanos());
                client.createBucket(request -> request.bucket("models"));
                return true;
              });
      transport.until(System.nanoTime() + Duration.ofSeconds(30).toNanos());
      client.putObject(request -> request.bucket("models").key(KEY), RequestBody.fromBytes(MODEL));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (minio != null) {
      minio.destroy();
      minio.waitFor();
    }
  }

  @Test
  void readsAnObject() throws PreflightException {
    assertThat(reader("models", KEY, ROOT).copyModel(store())).isEqualTo(Digest.of(MODEL));
  }

  @Test
  void goesOnWhereAnEarlierAttemptEnded() throws Exception {
    assertThat(reader("models", KEY, ROOT).copyModel(store())).isEqualTo(Digest.of(MODEL));
    String etag = etag();
    Path part = folder.resolve("again");
    Files.createDirectories(part);
    Files.write(part.resolve("model.onnx.part"), Arrays.copyOf(MODEL, 5_000_000));
    Files.writeString(part.resolve("model.onnx.version.part"), etag);

    ModelStore again = new ModelStore(part, 100 << 20);
    assertThat(again.left("model.onnx")).isPresent();
    assertThat(reader("models", KEY, ROOT).copyModel(again)).isEqualTo(Digest.of(MODEL));

    Files.write(part.resolve("model.onnx.part"), new byte[5_000_000]);
    Files.writeString(part.resolve("model.onnx.version.part"), "\"of-another-object\"");
    assertThat(reader("models", KEY, ROOT).copyModel(new ModelStore(part, 100 << 20)))
        .as("412: from the start")
        .isEqualTo(Digest.of(MODEL));
  }

  @Test
  void tellsWhyNot() {
    failure("models", "none.onnx", ROOT, Reason.ModelNotFound, "(NoSuchKey)");
    failure("other-bucket", KEY, ROOT, Reason.ModelNotFound, "(NoSuchBucket)");
    failure(
        "models",
        KEY,
        with("AWS_SECRET_ACCESS_KEY", "wrong-password"),
        Reason.DownloadForbidden,
        "(SignatureDoesNotMatch)");
    failure(
        "models",
        KEY,
        with("AWS_ACCESS_KEY_ID", "nobody-known"),
        Reason.DownloadForbidden,
        "(InvalidAccessKeyId)");
    failure(
        "models",
        KEY,
        with("AWS_SESSION_TOKEN", "no-token"),
        Reason.DownloadForbidden,
        "is not valid; renew it");
    failure("models", KEY, Map.of(), Reason.DownloadForbidden, "(AccessDenied) to nobody");
  }

  private static Map<String, String> with(String key, String value) {
    Map<String, String> keys = new HashMap<>(ROOT);
    keys.put(key, value);
    return keys;
  }

  @SuppressWarnings("SystemOut") // what a reader of the report wants to see
  private void failure(
      String bucket, String key, Map<String, String> keys, Reason reason, String part) {
    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class, () -> reader(bucket, key, keys).copyModel(store()));
    System.out.println(failure.reason() + ": " + failure.sentence());
    assertThat(failure.sentence()).contains(part);
    assertThat(failure.reason()).as(failure.sentence()).isEqualTo(reason);
  }

  private String etag() {
    try (S3Transport transport =
            new S3Transport(TlsStore.access(ROOT, TlsStore.trust(), Optional.empty()));
        S3Client client =
            S3Endpoint.of(new SourceConfig.S3(endpoint.toString(), null, true))
                .client(
                    transport,
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("root-user", "root-password")))) {
      transport.until(System.nanoTime() + Duration.ofSeconds(30).toNanos());
      return client.headObject(request -> request.bucket("models").key(KEY)).eTag();
    } catch (PreflightException e) {
      throw new AssertionError(e);
    }
  }

  private ModelStore store() {
    return new ModelStore(folder, 100 << 20);
  }

  private static SourceReader reader(String bucket, String key, Map<String, String> keys)
      throws PreflightException {
    return S3Objects.of(
        new ModelSource.S3Object(bucket, key),
        new SourceConfig.S3(endpoint.toString(), null, true),
        TlsStore.access(keys, TlsStore.trust(), Optional.empty()));
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(17).nextBytes(bytes);
    return bytes;
  }

  private static void pem(Path file, String what, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, body, what));
  }
}
