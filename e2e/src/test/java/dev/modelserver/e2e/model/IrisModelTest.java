package dev.modelserver.e2e.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.load.HttpAnswer;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check of the answers under load must refuse an answer that does not fit its digest. */
class IrisModelTest {
  @ParameterizedTest
  @CsvSource({
    "V1_0, versicolor, true",
    "V1_1, virginica, true",
    "V1_0, virginica, false",
    "V1_1, versicolor, false"
  })
  void anAnswerMustFitItsDigest(IrisModel model, String predicted, boolean right) {
    HttpAnswer answer =
        new HttpAnswer(
            200, Map.of("x-model-digest", model.digest()), "{\"class\":\"" + predicted + "\"}");

    assertThat(IrisModel.problem(answer).isEmpty()).isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource({"sha256:0000", "none"})
  void anAnswerMustNameAModelUnderTest(String digest) {
    HttpAnswer answer =
        new HttpAnswer(200, Map.of("x-model-digest", digest), "{\"class\":\"versicolor\"}");

    assertThat(IrisModel.problem(answer))
        .hasValueSatisfying(text -> assertThat(text).contains(digest));
  }
}
