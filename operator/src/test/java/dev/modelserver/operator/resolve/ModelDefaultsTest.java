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
                 "resources": {}, "tolerations": []}
                """))
        .extracting(
            ModelDefaults::imagePullSecrets,
            ModelDefaults::nodeSelector,
            ModelDefaults::tolerations,
            ModelDefaults::priorityClassName)
        .isEqualTo(List.of(List.of(), Map.of(), List.of(), Optional.empty()));
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
      })
  void namesWhatIsWrong(String json, String why) {
    assertThatThrownBy(() -> ModelDefaults.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("MODELSERVER_MODEL_DEFAULTS: ")
        .hasMessageContaining(why)
        .hasMessageEndingWith(": correct the chart's modelDefaults");
  }
}
