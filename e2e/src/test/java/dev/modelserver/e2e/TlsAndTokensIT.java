package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.load.TlsProbe;
import dev.modelserver.e2e.load.TlsTarget;
import dev.modelserver.e2e.model.IrisModel;
import dev.modelserver.e2e.model.SelfSigned;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * TLS and tokens are switched on for a service that runs, and its token and certificate are
 * exchanged, under load; what cannot be used takes no pod away. The tests go on from each other.
 */
@ClusterTest
@Tag("tls")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TlsAndTokensIT {
  private static final int REPLICAS = 2;
  private static final String FIRST = "first-token-of-the-web-client";
  private static final String SECOND = "second-token-of-the-web-client";

  /** The kubelet writes a changed Secret within its sync period of a minute and its cache's. */
  private static final Duration EXCHANGED = Duration.ofMinutes(4);

  private static final StringBuilder ACCOUNT = new StringBuilder();

  private static TestNamespace namespace;
  private static AccessSecrets secrets;
  private static ModelServerClient iris;
  private static SelfSigned old;
  private static SelfSigned renewed;

  private final int perSecond = Cluster.get().settings().perSecond() / 8;

  @BeforeAll
  static void createModelServer() {
    namespace = TestNamespace.create(Cluster.get(), "tls");
    secrets = new AccessSecrets(namespace);
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
    old = SelfSigned.of("DNS:iris.%s.svc".formatted(namespace.name()));
    renewed = SelfSigned.of("DNS:iris.%s.svc".formatted(namespace.name()));
    secrets.put(old);
    secrets.putTokens(FIRST);
    iris = namespace.modelServer("iris");
    iris.create(IrisModel.V1_0.spec(REPLICAS));
    iris.awaitReady();
  }

  @AfterAll
  static void deleteNamespace() {
    namespace.close();
    Evidence.record("tls.md", "TLS and tokens of a service that runs", ACCOUNT.toString());
  }

  @Test
  @Order(1)
  void switchingThemOnCostsNoCall() throws IOException {
    URI predict = iris.predict();
    OpenLoopLoad plain = IrisModel.load(predict, perSecond);
    plain.awaitMore(5 * perSecond);
    iris.merge(access("Permissive"));
    iris.awaitReady();
    plain.awaitMore(5 * perSecond);
    assertThat(iris.state().status("/url")).startsWith("http://");

    try (TlsProbe secured = load(FIRST)) {
      LoadResult result = plain.stop();
      ACCOUNT.append("plain, off to Permissive: ").append(result).append('\n');
      assertThat(result.failures()).as(result.toString()).isEmpty();

      await(secured, 5 * perSecond);
      iris.merge(access("Strict"));
      iris.awaitReady();
      await(secured, 5 * perSecond);
      count("TLS with token, Permissive to Strict", secured);
    }

    assertThat(iris.state().status("/url")).startsWith("https://");
    assertThat(status("/info", FIRST)).contains(" 200");
    assertThat(status("/info", SECOND)).contains(" 401");
    assertThat(target().get("/info", ""))
        .satisfies(lines -> assertThat(lines.getFirst()).contains(" 401"))
        .anyMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("www-authenticate:"));
    assertThat(target().get("/health", "").getFirst()).contains(" 200");
  }

  @Test
  @Order(2)
  void aTokenIsExchangedWithoutACallLost() throws IOException {
    List<String> pods = uids();
    try (TlsProbe withFirst = load(FIRST)) {
      secrets.putTokens(FIRST + "\n" + SECOND);
      await("the second token is taken", () -> always(SECOND, " 200"));
      count("first token, while the second is added", withFirst);
    }
    try (TlsProbe withSecond = load(SECOND)) {
      secrets.putTokens(SECOND);
      await("the first token is refused", () -> always(FIRST, " 401"));
      count("second token, while the first is removed", withSecond);
    }
    assertThat(uids()).as("pods").isEqualTo(pods);
  }

  @Test
  @Order(3)
  void aCertificateIsExchangedWithoutACallLost() {
    List<String> pods = uids();
    try (TlsProbe load = load(SECOND)) {
      secrets.put(renewed);
      await("every pod shows the renewed certificate", () -> shows(renewed));
      count("certificate renewed", load);
    }
    assertThat(uids()).as("pods").isEqualTo(pods);
  }

  @Test
  @Order(4)
  void whatCannotBeUsedTakesNoPodAway() {
    List<String> pods = uids();
    try (TlsProbe load = load(SECOND)) {
      secrets.put(SelfSigned.of("DNS:elsewhere.example.com"));
      secrets.putTokens("with a blank");
      await(
          "the metrics tell of both",
          () -> failedReload(AccessSecrets.CERTIFICATE) && failedReload(AccessSecrets.TOKENS));
      count("Secrets that cannot be used", load);
    }
    assertThat(uids()).as("pods").isEqualTo(pods);
    assertThat(iris.state().isReady()).isTrue();
  }

  private TlsProbe load(String token) {
    return TlsProbe.start(target(), bearer(token), IrisModel.PROBE, perSecond);
  }

  private static void await(TlsProbe load, int more) {
    int target = load.sent() + more;
    Awaitility.await(target + " calls").atMost(EXCHANGED).until(() -> load.sent() >= target);
  }

  private static void await(String what, Callable<Boolean> reached) {
    Awaitility.await(what).atMost(EXCHANGED).pollInterval(Duration.ofSeconds(2)).until(reached);
  }

  private static void count(String what, TlsProbe load) {
    String result = load.stop();
    ACCOUNT.append(what).append(": ").append(result).append('\n');
    assertThat(load.failures()).as(what + " " + result).isEmpty();
    assertThat(load.sent()).isPositive();
  }

  /** Whether all pods answer so: each call is a new connection, which any of them may take. */
  private static boolean always(String token, String status) throws IOException {
    for (int i = 0; i < 20; i++) {
      if (!status("/info", token).contains(status)) {
        return false;
      }
    }
    return true;
  }

  private static boolean shows(SelfSigned expected) throws IOException {
    for (int i = 0; i < 20; i++) {
      if (!target().certificate().equals(expected.certificate())) {
        return false;
      }
    }
    return true;
  }

  private static String status(String path, String token) throws IOException {
    return target().get(path, bearer(token)).getFirst();
  }

  private static boolean failedReload(String secret) throws IOException {
    return target().get("/metrics", bearer(SECOND)).stream()
        .anyMatch(
            line ->
                line.startsWith("ml_secret_reload_failed{secret=\"%s\"".formatted(secret))
                    && line.endsWith(" 1.0"));
  }

  private static String bearer(String token) {
    return "Authorization: Bearer %s\r\n".formatted(token);
  }

  private static TlsTarget target() {
    return TlsTarget.trusting(
        new InetSocketAddress(iris.predict().getHost(), 80),
        "iris.%s.svc".formatted(namespace.name()),
        old.certificate(),
        renewed.certificate());
  }

  private static Map<String, Object> access(String mode) {
    return Map.of(
        "spec",
        Map.of(
            "server",
            Map.of(
                "tls",
                Map.of("mode", mode, "secretName", AccessSecrets.CERTIFICATE),
                "authentication",
                Map.of("mode", mode, "tokens", Map.of("secretName", AccessSecrets.TOKENS)))));
  }

  private static List<String> uids() {
    return iris.pods().stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
  }
}
