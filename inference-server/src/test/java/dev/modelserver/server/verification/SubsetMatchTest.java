package dev.modelserver.server.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.config.Tolerance;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as the expected answer. */
class SubsetMatchTest {

  private static final String ANSWER =
      """
      {"prediction":1,"class":"versicolor","probabilities":{"setosa":0.0099,"a.b":0.25},\
      "outputs":{"scores":[[1.5,2.0],[3,null]],"ok":true,"id":9007199254740993},\
      "predictions":[{"class":"a"},{"class":"b"}],"model":"iris",\
      "processing_time_ms":0.31,"timestamp":"2026-11-22T10:00:00Z","served_by_pod":"iris-1"}""";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "{\"class\":\"versicolor\"}",
        "{\"prediction\":1,\"model\":\"iris\"}",
        "{\"prediction\":1.0}",
        "{\"probabilities\":{\"setosa\":0.0099}}",
        "{\"probabilities\":{\"setosa\":0.00991,\"a.b\":0.25000499}}",
        "{\"outputs\":{\"scores\":[[1.5,2],[3.00001,null]],\"ok\":true}}",
        "{\"outputs\":{\"id\":9007199254740993}}",
        "{\"predictions\":[{},{\"class\":\"b\"}]}",
        "{\"timestamp\":\"1970-01-01T00:00:00Z\",\"processing_time_ms\":7,\"served_by_pod\":\"x\"}",
      })
  void matches(String expect) throws JsonProcessingException {
    assertThat(find(expect, Tolerance.DEFAULT)).isNull();
  }

  @Test
  void matchesAWholeAnswer() throws JsonProcessingException {
    assertThat(find(ANSWER, Tolerance.DEFAULT)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"class\":\"setosa\"} | class is \"versicolor\", expected \"setosa\"",
        "{\"prediction\":2} | prediction is 1, expected 2",
        "{\"prediction\":\"1\"} | prediction is 1, expected \"1\"",
        "{\"species\":\"setosa\"} | species is absent, expected \"setosa\"",
        "{\"probabilities\":{\"setosa\":0.5}} | probabilities.setosa is 0.0099, expected 0.5 (tolerance: absolute 1.0E-5, relative 1.0E-5)",
        "{\"probabilities\":[0.0099]} | probabilities is {\"setosa\":0.0099,\"a.b\":0.25}, expected [0.0099]",
        "{\"outputs\":{\"scores\":[[1.5,2.0],[3,4]]}} | outputs.scores[1][1] is null, expected 4",
        "{\"outputs\":{\"scores\":[[1.5,2.0]]}} | outputs.scores is a list of 2, expected a list of 1",
        "{\"outputs\":{\"id\":9007199254740992}} | outputs.id is 9007199254740993, expected 9007199254740992",
        "{\"outputs\":{\"ok\":false}} | outputs.ok is true, expected false",
        "{\"predictions\":[{\"class\":\"a\"},{\"class\":\"a\"}]} | predictions[1].class is \"b\", expected \"a\"",
        "{\"model\":null} | model is \"iris\", expected null",
        "{\"outputs\":{\"timestamp\":1}} | outputs.timestamp is absent, expected 1",
      })
  void tellsTheFirstDifference(String expect, String words) throws JsonProcessingException {
    Miss miss = find(expect, Tolerance.DEFAULT);

    assertThat(Objects.requireNonNull(miss).words()).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0.01, false",
    "0.0001, 0, 0.01, true",
    "0.00009, 0, 0.01, false",
    "0, 0.02, 0.01, true",
    "0, 0.005, 0.01, false",
    "1, 0, 1, true",
  })
  void allowsWhatTheToleranceSays(
      double absolute, double relative, double expected, boolean matches)
      throws JsonProcessingException {
    Tolerance given = new Tolerance(absolute, relative, true);

    assertThat(find("{\"probabilities\":{\"setosa\":%s}}".formatted(expected), given) == null)
        .isEqualTo(matches);
  }

  @Test
  void integersMayDifferOnlyWhereSomebodySaysSo() throws JsonProcessingException {
    assertThat(find("{\"prediction\":2}", Tolerance.DEFAULT)).isNotNull();
    assertThat(find("{\"prediction\":2}", new Tolerance(1, 0, true))).isNull();
  }

  @Test
  void cutsWhatIsLong() {
    String long1 = "x".repeat(5000);

    assertThat(new Miss(long1, long1, "\"\uD83D\uDE00" + long1, "").words())
        .hasSizeLessThan(400)
        .doesNotContain("\n");
  }

  private static @Nullable Miss find(String expect, Tolerance tolerance)
      throws JsonProcessingException {
    return SubsetMatch.find(json(expect), json(ANSWER), tolerance);
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text);
  }
}
