package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpCredentialsTest {

  private static final URI STORE = URI.create("https://store.example/m.onnx");
  private static final String SECRET = "s3cr3t-value";

  @Test
  void readsHeadersOneALine() throws PreflightException {
    HttpCredentials read =
        HttpCredentials.of(
            STORE, access(Map.of("headers", "Authorization: Bearer a b\r\n\nX-Key:k\n")));

    assertThat(read.headers())
        .containsExactly(Map.entry("Authorization", "Bearer a b"), Map.entry("X-Key", "k"));
  }

  @Test
  void userAndPasswordAreBasic() throws PreflightException {
    HttpCredentials read =
        HttpCredentials.of(
            STORE, access(Map.of("username", "Aladdin\n", "password", "open sesame\n")));

    assertThat(read.headers())
        .containsExactly(Map.entry("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
  }

  @ParameterizedTest
  @CsvSource({
    "https://store.example/other, true",
    "https://STORE.example:443/m, true",
    "https://store.example:8443/m, false",
    "https://store.example.evil/m, false",
    "https://other.example/m, false",
    "http://store.example/m, false",
  })
  void goToTheOriginAlone(URI uri, boolean sent) throws PreflightException {
    HttpCredentials read = HttpCredentials.of(STORE, access(Map.of("headers", "X-Key: k")));

    assertThat(read.sentTo(uri)).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "content-length",
        "Transfer-Encoding",
        "Connection",
        "Upgrade",
        "TE",
        "Trailer",
        "Proxy-Authorization",
        "Expect",
        "Range",
        "If-Range",
        "If-None-Match",
        "Accept-Encoding"
      })
  void refusesHeadersOfTheTransport(String name) {
    assertThat(refused(Map.of("headers", "X-Key: k\n%s: %s".formatted(name, SECRET))))
        .startsWith("line 2 of the key headers of Secret keys sets ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SECRET,
        ": " + SECRET,
        "X Key: " + SECRET,
        "X-Key " + SECRET + ": ",
        "X-Key: ",
        "X-Key: " + SECRET + "\u0007",
        "X-Key: " + SECRET + "ä",
        " X-Key: " + SECRET,
      })
  void refusesLinesThatAreNoHeader(String line) {
    assertThat(refused(Map.of("headers", line)))
        .startsWith("line 1 of the key headers of Secret keys has ");
  }

  @Test
  void limitsTheHeaders() {
    assertThat(refused(Map.of("headers", ("A: " + SECRET + "\n").repeat(21))))
        .contains("more than 20 headers");
    assertThat(refused(Map.of("headers", "A: " + "x".repeat(8 << 10))))
        .contains("more than 8192 characters");
    assertThat(refused(Map.of("headers", "\n"))).contains("is empty");
  }

  @Test
  void refusesASecretWithoutWhatTheSourceTakes() {
    assertThat(refused(Map.of("token", SECRET)))
        .isEqualTo(
            "Secret keys has no credentials for this kind of source; add headers, or username and password, or remove spec.model.credentials");
    assertThat(refused(Map.of("username", "web"))).contains("only one of username and password");
    assertThat(refused(Map.of("password", SECRET))).contains("only one of username and password");
    assertThat(refused(Map.of("headers", "A: b", "username", "web", "password", SECRET)))
        .contains("leave one kind");
    assertThat(refused(Map.of("username", "a:b", "password", SECRET))).contains("colon");
    assertThat(refused(Map.of("username", "a", "password", SECRET + "\nb"))).contains("control");
    assertThat(refusedToken(Map.of("username", "web", "password", SECRET))).contains("HF_TOKEN");
    assertThat(refusedToken(Map.of("HF_TOKEN", "Bearer " + SECRET))).contains("the token alone");
    assertThat(refusedToken(Map.of("HF_TOKEN", ""))).contains("the token alone");
  }

  @Test
  void aSecretForTheProxyAloneIsEnough() throws PreflightException {
    Map<String, String> keys = Map.of("proxy-username", "web", "proxy-password", SECRET);
    HttpProxy proxy =
        new HttpProxy("proxy", 3128, Optional.of("web"), Optional.of(SECRET), List.of());

    assertThat(
            HttpCredentials.of(STORE, TlsStore.access(keys, Trust.PUBLIC, Optional.of(proxy)))
                .headers())
        .isEmpty();
    assertThat(refused(keys)).contains("no credentials for this kind of source");
  }

  @Test
  void neverGoOverPlainHttp() {
    PreflightException failure =
        catchThrowableOfType(
            PreflightException.class,
            () ->
                HttpCredentials.of(
                    URI.create("http://store.example/m"), access(Map.of("headers", "A: b"))));

    assertThat(failure.reason()).isEqualTo(Reason.InvalidConfiguration);
    assertThat(failure.sentence()).contains("is plain http, over which the credentials of Secret");
  }

  @Test
  void areNotShown() throws PreflightException {
    StoreAccess access = access(Map.of("username", "web", "password", SECRET));

    assertThat(HttpCredentials.of(STORE, access) + " " + access).doesNotContain(SECRET, "Basic ");
    assertThat(access.credentials().without("https://" + SECRET + ".example"))
        .isEqualTo("https://….example");
  }

  private static String refused(Map<String, String> keys) {
    return sentence(
        catchThrowableOfType(
            PreflightException.class, () -> HttpCredentials.of(STORE, access(keys))));
  }

  private static String refusedToken(Map<String, String> keys) {
    return sentence(
        catchThrowableOfType(
            PreflightException.class, () -> HttpCredentials.ofHub(STORE, access(keys))));
  }

  private static String sentence(PreflightException failure) {
    assertThat(failure.reason()).isEqualTo(Reason.CredentialsInvalid);
    assertThat(failure.sentence()).doesNotContain(SECRET);
    return failure.sentence();
  }

  private static StoreAccess access(Map<String, String> keys) {
    return TlsStore.access(keys, Trust.PUBLIC, Optional.empty());
  }
}
