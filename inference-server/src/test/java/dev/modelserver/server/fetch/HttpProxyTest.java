package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.config.SourceConfig;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpProxyTest {

  @ParameterizedTest
  @CsvSource({
    "store.example, store.example, true",
    "store.example, STORE.example., true",
    "store.example, a.store.example, false",
    ".svc, minio.ml.svc, true",
    "*.svc, minio.ml.svc, true",
    "*.SVC, minio.ml.svc, true",
    "*.svc, svc, false",
    "*.svc, minio.notsvc, false",
    "10.0.0.0/8, 10.200.3.4, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "10.128.0.0/9, 10.127.255.255, false",
    "10.0.0.0/8, ten.example, false",
    "0.0.0.0/0, 8.8.8.8, true",
    "fd00::/8, [fd12::1], true",
    "fd00::/8, 10.0.0.1, false",
    "'[::1]', [::1], true",
    "*, any.example, true",
  })
  void noProxy(String exception, String host, boolean bypasses) {
    HttpProxy proxy =
        new HttpProxy("proxy", 3128, Optional.empty(), Optional.empty(), List.of(exception));

    assertThat(proxy.bypasses(host)).isEqualTo(bypasses);
    assertThat(proxy.takes(URI.create("https://" + host + "/m"))).isEqualTo(!bypasses);
    assertThat(proxy.takes(URI.create("http://" + host + "/m"))).isFalse();
  }

  @Test
  void readsUserAndPasswordFromTheSecret() throws PreflightException {
    HttpProxy proxy =
        HttpProxy.of(
            new SourceConfig.Proxy("http://proxy.example:3128", List.of()),
            TlsStore.secret(Map.of("proxy-username", "web", "proxy-password", "s3cr3t\n")));

    assertThat(proxy.authorization()).contains("Basic d2ViOnMzY3IzdA==");
    assertThat(proxy).hasToString("proxy.example:3128");
  }

  @ParameterizedTest
  @CsvSource({
    "https://proxy.example:3128, is not of the form http://HOST:PORT",
    "proxy.example:3128, is not of the form http://HOST:PORT",
    "http://web:s3cr3t@proxy.example, has a user or password in it",
    "http://a b, is not a URL",
  })
  void refusesOtherUrls(String url, String problem) {
    PreflightException failure = refused(url, List.of(), Map.of());

    assertThat(failure.reason()).isEqualTo(Reason.InvalidConfiguration);
    assertThat(failure.sentence()).contains(problem).doesNotContain("s3cr3t");
  }

  @Test
  void refusesNetworksThatAreNoneAndHalfAPassword() {
    assertThat(refused("http://proxy", List.of("10.0.0.0/33"), Map.of()).sentence())
        .startsWith("\"10.0.0.0/33\" in spec.model.proxy.noProxy is no network");
    PreflightException half =
        refused("http://proxy", List.of(), Map.of("proxy-password", "s3cr3t"));
    assertThat(half.reason()).isEqualTo(Reason.CredentialsInvalid);
    assertThat(half.sentence()).startsWith("Secret keys has only one of proxy-username and ");
  }

  private static PreflightException refused(
      String url, List<String> noProxy, Map<String, String> keys) {
    return catchThrowableOfType(
        PreflightException.class,
        () -> HttpProxy.of(new SourceConfig.Proxy(url, noProxy), TlsStore.secret(keys)));
  }
}
