package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelserver.server.config.SourceConfig;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Identities of the pod. The SDK takes system properties for variables of the same meaning. */
class S3IdentityTest {

  private static final byte[] MODEL = "the bytes of a model".getBytes(StandardCharsets.UTF_8);
  private static final List<String> PROPERTIES =
      List.of(
          "aws.webIdentityTokenFile",
          "aws.roleArn",
          "aws.endpointUrlSts",
          "aws.region",
          "aws.containerCredentialsFullUri",
          "aws.containerAuthorizationTokenFile");

  @TempDir Path folder;
  private final S3Stand stand = new S3Stand(MODEL);
  private final Queue<String> sts = new ConcurrentLinkedQueue<>();
  private TlsStore store;

  @BeforeEach
  void start() throws Exception {
    store =
        new TlsStore(
            exchange -> {
              if (exchange.getRequestMethod().equals("POST")) {
                assumeRole(exchange);
              } else {
                stand.handle(exchange);
              }
            });
  }

  @AfterEach
  void stop() {
    PROPERTIES.forEach(System::clearProperty);
    stand.close();
    store.close();
  }

  @Test
  void theTokenOfTheServiceAccountIsExchanged() throws Exception {
    webIdentity("good-token");

    assertThat(reader().copyModel(new ModelStore(folder, 1000))).isEqualTo(Digest.of(MODEL));
    assertThat(sts)
        .singleElement()
        .asString()
        .contains("Action=AssumeRoleWithWebIdentity", "WebIdentityToken=good-token");
    assertThat(stand.authorizations)
        .singleElement()
        .asString()
        .startsWith("AWS4-HMAC-SHA256 Credential=ASIAROLE/");
    assertThat(stand.seen).contains("X-amz-security-token: [role-session]");
  }

  @Test
  void aRoleThatCannotBeAssumedIsReported() throws Exception {
    webIdentity("bad-token");

    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class, () -> reader().copyModel(new ModelStore(folder, 1000)));

    assertThat(failure.reason()).as(failure.sentence()).isEqualTo(Reason.DownloadForbidden);
    assertThat(failure.sentence())
        .contains("refused by AWS STS (AccessDenied)", "the role's trust policy")
        .doesNotContain("bad-token");
    assertThat(stand.requests.get()).as("the store was not asked").isZero();
  }

  @Test
  void aTokenFileThatIsMissingIsReported() {
    System.setProperty("aws.webIdentityTokenFile", folder.resolve("none").toString());
    System.setProperty("aws.roleArn", "arn:aws:iam::123456789012:role/models");

    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class, () -> reader().copyModel(new ModelStore(folder, 1000)));

    assertThat(failure.sentence())
        .contains("credentials for the role of the pod's ServiceAccount", "cannot be obtained");
  }

  @Test
  void theAgentOfPodIdentityIsAsked() throws Exception {
    HttpServer agent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Queue<String> tokens = new ConcurrentLinkedQueue<>();
    agent.createContext(
        "/v1/credentials",
        exchange -> {
          tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          try (exchange) {
            S3Stand.body(
                exchange,
                200,
                "{\"AccessKeyId\":\"ASIAPOD\",\"SecretAccessKey\":\"s\",\"Token\":\"pod-session\",\"Expiration\":\"%s\"}"
                    .formatted(soon()));
          }
        });
    agent.start();
    try {
      System.setProperty(
          "aws.containerCredentialsFullUri",
          "http://127.0.0.1:%d/v1/credentials".formatted(agent.getAddress().getPort()));
      System.setProperty(
          "aws.containerAuthorizationTokenFile",
          Files.writeString(folder.resolve("token"), "pod-token").toString());

      assertThat(reader().copyModel(new ModelStore(folder, 1000))).isEqualTo(Digest.of(MODEL));
      assertThat(tokens).containsExactly("pod-token");
      assertThat(stand.authorizations).singleElement().asString().contains("Credential=ASIAPOD/");
    } finally {
      agent.stop(0);
    }
  }

  @Test
  void theTokenIsNotSentOverPlainHttp() throws Exception {
    webIdentity("good-token");
    System.setProperty("aws.endpointUrlSts", "http://sts.elsewhere.example");

    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class, () -> reader().copyModel(new ModelStore(folder, 1000)));

    assertThat(failure.reason()).as(failure.sentence()).isEqualTo(Reason.InvalidConfiguration);
    assertThat(failure.sentence()).contains("AWS_ENDPOINT_URL_STS");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/iam/security-credentials/role",
        "https://elsewhere.example/v1/credentials",
        "http://127.0.0.1.elsewhere.example/v1/credentials"
      })
  void noOtherAddressIsAskedForCredentials(String uri) {
    System.setProperty("aws.containerCredentialsFullUri", uri);

    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class, () -> reader().copyModel(new ModelStore(folder, 1000)));

    assertThat(failure.reason()).isEqualTo(Reason.InvalidConfiguration);
    assertThat(failure.sentence())
        .contains("AWS_CONTAINER_CREDENTIALS_FULL_URI", "remove them from spec.server.env");
    assertThat(stand.requests.get()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
  void aKeyThatCannotBeSentIsRefusedWithoutBeingShown(String wrong) {
    Map<String, String> secret =
        new HashMap<>(
            Map.of(
                "AWS_ACCESS_KEY_ID", "AKIA",
                "AWS_SECRET_ACCESS_KEY", "key",
                "AWS_SESSION_TOKEN", "token"));
    secret.put(wrong, "begin\nand-end");

    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class,
            () ->
                S3Objects.of(
                        new ModelSource.S3Object("bucket", S3Stand.KEY),
                        new SourceConfig.S3(store.uri("").toString(), null, true),
                        TlsStore.access(secret, TlsStore.trust(), Optional.empty()))
                    .copyModel(new ModelStore(folder, 1000)));

    assertThat(failure.reason()).isEqualTo(Reason.CredentialsInvalid);
    assertThat(failure.sentence()).contains(wrong).doesNotContain("begin", "and-end");
  }

  private void webIdentity(String token) throws IOException {
    System.setProperty(
        "aws.webIdentityTokenFile", Files.writeString(folder.resolve("token"), token).toString());
    System.setProperty("aws.roleArn", "arn:aws:iam::123456789012:role/models");
    System.setProperty("aws.endpointUrlSts", store.uri("").toString());
    System.setProperty("aws.region", "eu-central-1");
  }

  private void assumeRole(HttpExchange exchange) throws IOException {
    try (exchange) {
      String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      sts.add(form);
      exchange.getResponseHeaders().set("Content-Type", "text/xml");
      if (form.contains("good-token")) {
        S3Stand.body(
            exchange,
            200,
            """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <AssumeRoleWithWebIdentityResult><Credentials>
                <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
                <SessionToken>role-session</SessionToken><Expiration>%s</Expiration>
              </Credentials></AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """
                .formatted(soon()));
      } else {
        S3Stand.body(
            exchange,
            403,
            "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>bad-token</Message></Error></ErrorResponse>");
      }
    }
  }

  private static String soon() {
    return Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private SourceReader reader() throws PreflightException {
    return S3Objects.of(
        new ModelSource.S3Object("bucket", S3Stand.KEY),
        new SourceConfig.S3(store.uri("").toString(), null, true),
        TlsStore.access(Map.of(), TlsStore.trust(), Optional.empty()));
  }
}
