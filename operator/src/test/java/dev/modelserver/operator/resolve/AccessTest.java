package dev.modelserver.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pods may stand in for others, by their TLS and tokens; and which hash a spec has. */
class AccessTest {
  private static final String TLS = "tls: {secretName: %s, mode: %s}";
  private static final String TOKENS = "authentication: {mode: %s, tokens: {secretName: %s}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Permissive | Permissive |",
        "Strict     | Permissive |",
        "Strict     | Strict     |",
        "Permissive | Strict     | it accepts connections without TLS",
        "           | Permissive | it has no TLS, and spec.server.tls.mode is Permissive",
        "           | Strict     | it has no TLS, and spec.server.tls.mode is Strict",
        "Strict     |            |",
      })
  void tlsMustBeAtLeastAsStrict(String has, String wanted, String missing) {
    Access pods = access(has == null ? "" : TLS.formatted("old", has));
    Access spec = access(wanted == null ? "" : TLS.formatted("new", wanted));

    assertMissing(pods, spec, missing);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Permissive | s | Permissive | s |",
        "Strict     | s | Permissive | s |",
        "Strict     | s | Strict     | s |",
        "Permissive | s | Strict     | s | it accepts requests without a token",
        "Strict     | s | Strict     | t | it accepts the tokens of Secret s, and spec.server.authentication names Secret t",
        "           |   | Permissive | s | it does not check tokens, and spec.server.authentication.mode is Permissive",
        "Strict     | s |            |   |",
      })
  void tokensMustBeAtLeastAsStrictAndOfTheSameSecret(
      String has, String secret, String wanted, String other, String missing) {
    Access pods = access(has == null ? "" : TOKENS.formatted(has, secret));
    Access spec = access(wanted == null ? "" : TOKENS.formatted(wanted, other));

    assertMissing(pods, spec, missing);
  }

  @Test
  void aSpecWithoutThemHasTheHashThatItAlwaysHad() {
    assertThat(hash("")).isEqualTo("404989eed0");
    assertThat(hash("server: {logLevel: DEBUG}")).isEqualTo("451cca3994");
  }

  @Test
  void theHashFollowsSecretsAndModesButNotTheCaOfClients() {
    String tls = "server: {tls: {secretName: %s, mode: %s, caConfigMap: {name: %s, key: ca.crt}}}";

    assertThat(hash(tls.formatted("s", "Strict", "ca")))
        .isEqualTo(hash(tls.formatted("s", "Strict", "other")))
        .isNotEqualTo(hash(tls.formatted("t", "Strict", "ca")))
        .isNotEqualTo(hash(tls.formatted("s", "Permissive", "ca")))
        .isNotEqualTo(hash("server: {" + TOKENS.formatted("Strict", "s") + "}"));
  }

  private static void assertMissing(Access pods, Access spec, String missing) {
    if (missing == null) {
      assertThat(pods.missing(spec)).isEmpty();
    } else {
      assertThat(pods.missing(spec)).singleElement().asString().startsWith(missing);
    }
  }

  private static Access access(String server) {
    return Yaml.resolved("model: {uri: 'https://h/m'}\nserver: {" + server + "}")
        .workload()
        .access();
  }

  private static String hash(String more) {
    return Yaml.resolved("model: {uri: 'https://h/m'}\n" + more).workload().hash();
  }
}
