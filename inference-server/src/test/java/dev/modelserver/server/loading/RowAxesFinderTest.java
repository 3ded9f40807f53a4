package dev.modelserver.server.loading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.TensorSpec;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which axis of each output has an entry for each row of the inputs. */
class RowAxesFinderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "linear | y 0",
        "several | first 0, second 0, third 0, fourth 0",
        "output-aliases | again 0, key 0, plain 0, third 0, y 0, table none",
        "output-more-rows | places none, sum none, twice none",
        "output-distinct | back 0, minus 0, distinct none",
      })
  void followsTheNumberOfRows(String name, String expected) throws Exception {
    WarmModel warm = WarmModel.load(TestModels.file(name), ModelDescription.EMPTY);
    try {
      assertThat(
              warm.signature().outputs().stream()
                  .map(TensorSpec::name)
                  .map(output -> output + " " + axis(warm, output))
                  .collect(Collectors.toSet()))
          .containsExactlyInAnyOrder(expected.split(", "));
    } finally {
      assertThat(warm.model().close(Duration.ofSeconds(1))).isTrue();
    }
  }

  private static String axis(WarmModel warm, String output) {
    var axis = warm.axes().axis(output);
    return axis.isPresent() ? String.valueOf(axis.getAsInt()) : "none";
  }
}
