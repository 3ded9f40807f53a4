package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc;
import dev.modelserver.server.secret.MountedSecret;
import dev.modelserver.server.secret.TestCertificate;
import io.grpc.Channel;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and tokens are exchanged while requests go on, and none of them fails. */
class SecretRotationIT {

  private static final String MODEL = "integer-labels";
  private static final int PER_CONNECTION = 5;
  private static final String OLD = "old-old-old-old-old";
  private static final String NEW = "new-new-new-new-new";
  private static final TestCertificate FIRST =
      TestCertificate.of("-keyalg EC -groupname secp256r1", "localhost");
  private static final TestCertificate SECOND =
      TestCertificate.of("-keyalg RSA -keysize 2048", "localhost");
  private static final TestCertificate EXPIRED =
      TestCertificate.make("-keyalg EC -startdate -10d -validity 5", "-ext", "san=dns:localhost");

  private static final TestCertificate ELSEWHERE = TestCertificate.of("-keyalg EC", "elsewhere");

  @TempDir private Path folder;

  private final AtomicReference<String> token = new AtomicReference<>(OLD);
  private final AtomicBoolean done = new AtomicBoolean();

  /** Of each client of the load. */
  private final List<AtomicInteger> answered = new ArrayList<>();

  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  @Test
  void aTokenAndACertificateAreExchangedUnderLoad() throws Exception {
    try (ServerProcess server = start();
        TlsClients clients = new TlsClients(server, FIRST, SECOND)) {
      List<Thread> load = new ArrayList<>();
      for (Version version : Version.values()) {
        AtomicInteger count = count();
        load.add(Thread.ofPlatform().start(() -> callHttp(clients, version, count)));
      }
      Channel channel = clients.grpc();
      AtomicInteger calls = count();
      load.add(Thread.ofPlatform().start(() -> callGrpc(channel, calls)));

      MountedSecret.of(folder.resolve("tokens")).put("web", OLD + "\n" + NEW + "\n").swap();
      awaitStatus(clients, NEW, 200);
      token.set(NEW);
      // no request with the old one is under way any more
      awaitMoreOfEach();
      MountedSecret.of(folder.resolve("tokens")).put("web", NEW).swap();
      awaitStatus(clients, OLD, 401);

      assertThat(presented(clients)).isEqualTo(FIRST.certificate());
      SECOND.write(folder.resolve("tls"));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> presented(clients).equals(SECOND.certificate()));
      awaitMoreOfEach();

      done.set(true);
      for (Thread thread : load) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      awaitLog(server, "certificate of Secret m-tls taken for new connections: valid until ");
      assertThat(server.log("serve"))
          .contains("tokens of Secret m-tokens taken: 1 clients")
          .doesNotContain(OLD, NEW);
    }
  }

  @Test
  void aBadStateKeepsTheLastGoodOneAndIsTold() throws Exception {
    try (ServerProcess server = start();
        TlsClients clients = new TlsClients(server, FIRST)) {
      EXPIRED.write(folder.resolve("tls"));
      MountedSecret.of(folder.resolve("tokens")).put("web", "short").swap();
      awaitMetric(server, "ml_secret_reload_failed{secret=\"m-tls\",} 1.0");
      awaitMetric(server, "ml_secret_reload_failed{secret=\"m-tokens\",} 1.0");

      assertThat(presented(clients)).isEqualTo(FIRST.certificate());
      assertThat(status(clients, OLD)).isEqualTo(200);
      awaitLog(
          server,
          "certificate of Secret m-tls not taken, the last good one stays in use: the certificate of"
              + " Secret m-tls expired at ");
      awaitLog(
          server,
          "tokens of Secret m-tokens not taken, the last good ones stay in use: line 1 of client web"
              + " of Secret m-tokens has 5 characters");

      FIRST.write(folder.resolve("tls"));
      MountedSecret.of(folder.resolve("tokens")).put("web", NEW).swap();
      awaitMetric(server, "ml_secret_reload_failed{secret=\"m-tls\",} 0.0");
      awaitStatus(clients, NEW, 200);
    }
  }

  /** A container that starts again has no older certificate to keep. */
  @Test
  void aRestartBesideACertificateThatClientsRefuseServesAllTheSame() throws Exception {
    try (ServerProcess server = start();
        TlsClients clients = new TlsClients(server, EXPIRED, ELSEWHERE)) {
      for (TestCertificate bad : List.of(EXPIRED, ELSEWHERE)) {
        var _ = server.process().destroyForcibly().onExit().join();
        bad.write(folder.resolve("tls"));
        server.startAgain();

        try (SSLSocket socket =
            (SSLSocket)
                clients.context().getSocketFactory().createSocket("localhost", server.port())) {
          socket.startHandshake();
          assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(bad.certificate());
        }
        assertThat(server.log("serve"))
            .containsOnlyOnce("certificate of Secret m-tls used all the same: the certificate of");
        assertThat(server.management("/metrics").body())
            .contains("ml_secret_reload_failed{secret=\"m-tls\",} 1.0");
      }
    }
  }

  @Test
  void aSecretThatCannotBeReadEndsTheStartWithItsReason() throws Exception {
    start().close();
    MountedSecret.of(folder.resolve("tls"))
        .put("tls.crt", "nonsense")
        .put("tls.key", FIRST.keyPem())
        .swap();
    assertThat(startAndEnd())
        .contains("\"CertificateInvalid\"", "tls.crt of Secret m-tls has no certificate in PEM");

    FIRST.write(folder.resolve("tls"));
    MountedSecret.of(folder.resolve("tokens")).put("web", "secret").swap();
    assertThat(startAndEnd())
        .contains("\"TokensInvalid\"", "line 1 of client web of Secret m-tokens has 6 characters");
  }

  /** What a start that must fail leaves in the termination message. */
  private String startAndEnd() throws Exception {
    assertThat(ServerProcess.run(folder, directories(), "serve")).isEqualTo(1);
    return Files.readString(folder.resolve("termination"));
  }

  private ServerProcess start() throws Exception {
    FIRST.write(folder.resolve("tls"));
    MountedSecret.of(folder.resolve("tokens")).put("web", OLD).swap();
    return ServerProcess.start(folder, MODEL, SecuredServer.config("Strict"), directories());
  }

  private Map<String, String> directories() {
    return Map.of(
        "MODELSERVER_TLS_DIR", folder.resolve("tls").toString(),
        "MODELSERVER_TOKENS_DIR", folder.resolve("tokens").toString());
  }

  /** Some requests over each connection: the next one has the certificate of then. */
  private void callHttp(TlsClients clients, Version version, AtomicInteger count) {
    while (!done.get()) {
      try (HttpClient client = clients.http(version)) {
        for (int i = 0; i < PER_CONNECTION && !done.get(); i++) {
          HttpRequest request =
              clients
                  .request("/predict")
                  .header("Authorization", "Bearer " + token.get())
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"features\":[1,2]}"))
                  .build();
          HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
          if (answer.statusCode() != 200) {
            failures.add(answer.statusCode() + " " + answer.body());
          }
          count.incrementAndGet();
        }
      } catch (Exception e) {
        failures.add(version + " " + e);
        return;
      }
    }
  }

  private void callGrpc(Channel channel, AtomicInteger count) {
    while (!done.get()) {
      try {
        var _ =
            GRPCInferenceServiceGrpc.newBlockingStub(
                    TlsClients.with(channel, "Bearer " + token.get()))
                .modelInfer(GrpcClient.request(MODEL, 2, 1, 2).build());
        count.incrementAndGet();
      } catch (RuntimeException e) {
        failures.add("gRPC " + e);
        return;
      }
    }
  }

  private AtomicInteger count() {
    AtomicInteger count = new AtomicInteger();
    answered.add(count);
    return count;
  }

  /** More than one connection has, so that each client has opened another. */
  private void awaitMoreOfEach() {
    for (AtomicInteger count : answered) {
      int before = count.get();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> count.get() > before + PER_CONNECTION || !failures.isEmpty());
    }
  }

  /** Once: the same state is not told again. */
  private static void awaitLog(ServerProcess server, String line) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(server.log("serve")).containsOnlyOnce(line));
  }

  private static void awaitStatus(TlsClients clients, String token, int status) {
    await().atMost(Duration.ofSeconds(60)).until(() -> status(clients, token) == status);
  }

  private static void awaitMetric(ServerProcess server, String line) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> server.management("/metrics").body().contains(line));
  }

  private static int status(TlsClients clients, String token) throws Exception {
    return clients
        .send(clients.request("/info").header("Authorization", "Bearer " + token), Version.HTTP_1_1)
        .statusCode();
  }

  private static Certificate presented(TlsClients clients) throws Exception {
    return clients
        .send(clients.request("/health"), Version.HTTP_1_1)
        .sslSession()
        .orElseThrow()
        .getPeerCertificates()[0];
  }
}
