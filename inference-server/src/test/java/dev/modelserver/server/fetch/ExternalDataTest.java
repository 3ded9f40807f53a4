package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalDataTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.onnx",
        "./digest",
        "digest.part",
        "digest/weights",
        "trials.json",
        "trials.json.part",
        "weights.part",
        "weights.part/a",
        "weights\rof",
        "weights\nof"
      })
  void externalDataTakesNoNameOfOurs(String location) {
    assertThatThrownBy(() -> ExternalData.relative(location))
        .isInstanceOfSatisfying(
            PreflightException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.InvalidModel);
              assertThat(failure.sentence())
                  .startsWith("the model's external data has the reserved name");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"weights", "model.onnx.data", "a/model.onnx", "a/digest", "part", "digests"})
  void otherNamesAreFree(String location) throws PreflightException {
    assertThat(ExternalData.relative(location)).hasToString(location);
  }
}
