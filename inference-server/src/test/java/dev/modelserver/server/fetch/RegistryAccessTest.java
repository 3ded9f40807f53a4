package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryAccessTest {

  private static final byte[] MODEL = OciContent.bytes("the bytes of a model");
  private static final Map<String, String> LOGIN =
      Map.of("username", TestRegistry.USER, "password", TestRegistry.PASSWORD + "\n");

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
    var _ = registry.content.artifact("1", Map.of("net.onnx", MODEL));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private OciReader reader() {
    return OciReader.of(folder, certificate.trust());
  }

  private OciReference reference() {
    return registry.reference(":1");
  }

  private static String config(String host, String entry) {
    return "{\"auths\":{\"%s\":{%s}}}".formatted(host, entry);
  }

  private static String auth() {
    return "\"auth\":\"%s\"".formatted(TestRegistry.basic().substring("Basic ".length()));
  }

  @Test
  void getsATokenWithThePassword() throws PreflightException {
    registry.askForTokens();

    var _ = reader().secret(LOGIN).read(reference());

    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);
    assertThat(registry.requests.stream().filter(each -> each.uri().getPath().equals("/token")))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.authorization()).isEqualTo(TestRegistry.basic());
              assertThat(each.uri().getQuery())
                  .isEqualTo("scope=repository:team/model:pull&service=the+registry");
            });
  }

  @Test
  void getsATokenForAnybody() throws PreflightException {
    registry.askForTokens();
    registry.anonymousTokens = true;

    var _ = reader().read(reference());

    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);
  }

  @Test
  void asksForNothingButReading() throws PreflightException {
    registry.challenge =
        "Bearer realm=\"https://%s/token\",scope=\"repository:team/model:pull,push repository:other:pull\""
            .formatted(registry.host());

    var _ = reader().secret(LOGIN).read(reference());

    assertThat(registry.requests)
        .anySatisfy(
            each ->
                assertThat(each.uri().getQuery()).isEqualTo("scope=repository:team/model:pull"));
  }

  @Test
  void sendsThePasswordWhereTheRegistryAsksForIt() throws PreflightException {
    registry.challenge = "Basic realm=\"registry\"";

    for (String host :
        List.of(
            registry.host(),
            "https://" + registry.host(),
            "https://" + registry.host() + "/v2/",
            registry.host() + "/team")) {
      var _ = reader().secret(Map.of(".dockerconfigjson", config(host, auth()))).read(reference());
    }
    var _ =
        reader()
            .secret(
                Map.of(
                    ".dockerconfigjson",
                    config(
                        registry.host(),
                        "\"username\":\"%s\",\"password\":\"%s\""
                            .formatted(TestRegistry.USER, TestRegistry.PASSWORD))))
            .read(reference());

    assertThat(registry.requests.getFirst().authorization()).isNull();
  }

  @Test
  void sendsNoCredentialsToTheStoreOfBlobs() throws PreflightException {
    registry.askForTokens();
    registry.redirect = "https://" + registry.storeHost();

    var _ = reader().secret(LOGIN).read(reference());

    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);
    assertThat(registry.requests.stream().filter(each -> each.server().equals("store")))
        .singleElement()
        .satisfies(each -> assertThat(each.authorization()).isNull());
  }

  @Test
  void reachesAllowedHostsAlone() throws PreflightException {
    registry.askForTokens();
    registry.redirect = "https://" + registry.storeHost();

    PreflightException blob = reader().secret(LOGIN).hosts(registry.host()).failure(reference());
    assertThat(blob.reason()).isEqualTo(Reason.DownloadRefused);
    assertThat(blob.sentence()).contains(" redirects: localhost is not among the hosts");
    var _ = reader().secret(LOGIN).hosts(registry.host(), registry.storeHost()).read(reference());

    registry.requests.clear();
    registry.challenge = "Bearer realm=\"https://127.0.0.1:1/token\"";
    assertThat(reader().secret(LOGIN).hosts("localhost").failure(reference()).sentence())
        .contains("has its tokens elsewhere: 127.0.0.1 is not among the hosts");
    assertThat(reader().hosts("other.example.com").failure(reference()).reason())
        .isEqualTo(Reason.DownloadRefused);
    assertThat(registry.requests).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost/token",
    "https://user@localhost/token",
    "/token",
    "file:///token",
    "https://",
  })
  void refusesATokenServerWithoutTls(String realm) {
    registry.challenge = "Bearer realm=\"%s\"".formatted(realm);

    assertThat(reader().secret(LOGIN).failure(reference()).reason())
        .isEqualTo(Reason.DownloadRefused);
    assertThat(registry.requests).hasSize(1);
  }

  @Test
  void refusesARedirectToPlainHttp() {
    registry.redirect = "http://" + registry.storeHost();

    assertThat(reader().failure(reference()).reason()).isEqualTo(Reason.DownloadRefused);
  }

  @Test
  void saysWhoseCredentialsAreRefused() {
    registry.askForTokens();
    registry.anonymousTokens = false;

    PreflightException none = reader().failure(reference());
    assertThat(none.reason()).isEqualTo(Reason.DownloadForbidden);
    assertThat(none.sentence())
        .contains(
            "without credentials (401 UNAUTHORIZED); put the key .dockerconfigjson, or the keys username and password into a Secret and name it in spec.model.credentials");
    PreflightException wrong =
        reader()
            .secret(Map.of("username", TestRegistry.USER, "password", "word-of-test"))
            .failure(reference());
    assertThat(wrong.reason()).isEqualTo(Reason.DownloadForbidden);
    assertThat(wrong.sentence()).contains("the credentials of Secret registry-login");
  }

  @Test
  void saysWhatIsWrongWithTheSecret() {
    Map<Map<String, String>, String> wrong =
        Map.of(
            Map.of("HF_TOKEN", "of-test"), "has no credentials for a registry; add the key",
            Map.of("username", "robot"), "has only one of the keys",
            Map.of("username", "a:b", "password", "of-test"), "that HTTP does not transport",
            Map.of("username", "a", "password", "of-test\nx"), "that HTTP does not transport",
            Map.of(".dockerconfigjson", "of-test"), "is not JSON",
            Map.of(".dockerconfigjson", "{}"), "has no entry in auths for the registry localhost",
            Map.of(".dockerconfigjson", config("localhost", auth())), "has no entry in auths",
            Map.of(".dockerconfigjson", config(registry.host() + "/other", auth())),
                "has no entry in auths",
            Map.of(".dockerconfigjson", config(registry.host(), "\"auth\":\"of-test\"")),
                "has no user and password",
            Map.of(".dockerconfigjson", config(registry.host(), "\"identitytoken\":\"of-test\"")),
                "identity tokens and credential helpers are not supported");
    wrong.forEach(
        (secret, part) -> {
          PreflightException failure = reader().secret(secret).failure(reference());
          assertThat(failure.reason()).as(failure.sentence()).isEqualTo(Reason.CredentialsInvalid);
          assertThat(failure.sentence()).contains(part, "Secret registry-login");
        });
    assertThat(registry.requests).isEmpty();
  }

  @Test
  void takesTheMostSpecificEntryAndKnowsDockersHub() throws PreflightException {
    OciReference hub = OciReference.parse("docker.io/net:1").orElseThrow();
    assertThat(hub.manifest("1"))
        .hasToString("https://registry-1.docker.io/v2/library/net/manifests/1");
    for (String name :
        List.of("https://index.docker.io/v1/", "docker.io", "registry-1.docker.io")) {
      assertThat(RegistryLogin.of(hub, access(config(name, auth()))).orElseThrow().user())
          .isEqualTo(TestRegistry.USER);
    }
    String two =
        "{\"auths\":{\"r.example.com\":{\"auth\":\"%s\"},\"r.example.com/team\":{\"auth\":\"%s\"}}}"
            .formatted(base64("general:x"), base64("special:x"));
    assertThat(
            RegistryLogin.of(
                    OciReference.parse("r.example.com/team/net:1").orElseThrow(), access(two))
                .orElseThrow()
                .user())
        .isEqualTo("special");
    assertThat(
            RegistryLogin.of(
                    OciReference.parse("r.example.com/teams/net:1").orElseThrow(), access(two))
                .orElseThrow()
                .user())
        .isEqualTo("general");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(OciContent.bytes(text));
  }

  private static StoreAccess access(String config) {
    return new StoreAccess(
        new Network(_ -> true, Limits.DEFAULT),
        AllowedHosts.ANY,
        new StoreCredentials("s", Map.of(".dockerconfigjson", OciContent.bytes(config))),
        Trust.PUBLIC,
        Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "404, MANIFEST_UNKNOWN, ModelNotFound, correct the tag or digest",
    "404, NAME_UNKNOWN, ModelNotFound, has no repository team/model",
    "404, '', ModelNotFound, check that it is an OCI registry",
    "401, UNAUTHORIZED, DownloadForbidden, without credentials",
    "403, DENIED, DownloadForbidden, (403 DENIED)",
    "418, '', DownloadFailed, answered 418",
    "429, TOOMANYREQUESTS, DownloadFailed, limits requests (429 TOOMANYREQUESTS)",
    "503, '', DownloadFailed, answered 503",
  })
  void saysWhatTheRegistryAnswers(int status, String code, Reason reason, String part) {
    TestRegistry.Fault fault =
        code.isEmpty()
            ? TestRegistry.status(status, "text/html", "<html>of-test</html>")
            : TestRegistry.status(status, "application/json", TestRegistry.error(code));
    registry.next("1", Collections.nCopies(20, fault).toArray(TestRegistry.Fault[]::new));

    PreflightException failure = reader().failure(reference());

    assertThat(failure.reason()).as(failure.sentence()).isEqualTo(reason);
    assertThat(failure.sentence()).contains(part).doesNotContain("text of the registry");
  }

  @Test
  void saysThatABlobIsMissing() {
    registry.content.blobs.clear();

    PreflightException failure = reader().failure(reference());

    assertThat(failure.reason()).isEqualTo(Reason.ModelNotFound);
    assertThat(failure.sentence()).contains("but not its blob sha256:", "push the model again");
  }
}
