package dev.modelserver.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDefaultsTest {
  @Test
  void whatTheChartWritesByDefaultSaysNothing() {
    assertThat(
            ModelDefaults.parse(
                """
                {"imagePullSecrets": [], "nodeSelector": {}, "priorityClassName": "",
                 "proxy": {}, "resources": {}, "tolerations": [], "trust": ""}
                """))
        .extracting(
            ModelDefaults::imagePullSecrets,
            ModelDefaults::nodeSelector,
            ModelDefaults::tolerations,
            ModelDefaults::priorityClassName,
            ModelDefaults::trust,
            ModelDefaults::proxy)
        .isEqualTo(
            List.of(
                List.of(),
                Map.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  /** The operator does not start with these. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "[] | not what the operator reads",
        "{ | not what the operator reads",
        "{\"nodes\": {}} | Unrecognized field \"nodes\"",
        "{\"resources\": {\"request\": {}}} | Unrecognized field \"request\"",
        "{\"resources\": {\"requests\": {\"cpu\": \"much\"}}} | amount \"much\" of cpu",
        "{\"resources\": {\"limits\": {\"memory\": \"-1Gi\"}}} | amount \"-1Gi\" of memory",
        "{\"imagePullSecrets\": [\"registry\"]} | not what the operator reads",
        "{\"imagePullSecrets\": [{\"name\": \"Registry\"}]} | \"Registry\" is not the name",
        "{\"imagePullSecrets\": [{}]} | \"\" is not the name",
        "{\"priorityClassName\": \"a b\"} | \"a b\" is not the name",
        "{\"tolerations\": [{\"key\": {}}]} | not what the operator reads",
        "{\"trust\": \"company-ca\"} | trust must be CA certificates in PEM form, and nothing else",
        "{\"trust\": \"-----BEGIN PRIVATE KEY-----\"} | trust must be CA certificates",
        "{\"trust\": [\"a\"]} | not what the operator reads",
        "{\"proxy\": {\"http\": \"http://p:1\"}} | Unrecognized field \"http\"",
        "{\"proxy\": {\"https\": \"p:1\"}} | proxy.https must be http://HOST:PORT",
        "{\"proxy\": {\"https\": \"http://a:b@p:1\"}} | without a user or password",
        "{\"proxy\": {\"https\": \"http://p:1\", \"noProxy\": [\"a b\"]}} | proxy.noProxy must be a host",
      })
  void namesWhatIsWrong(String json, String why) {
    assertThatThrownBy(() -> ModelDefaults.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("MODELSERVER_MODEL_DEFAULTS: ")
        .hasMessageContaining(why)
        .hasMessageEndingWith(": correct the chart's modelDefaults");
  }
}
