package dev.modelserver.server.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the models of src/test/models. */
class ComputedOutputsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "linear | y",
        "output-is-input | y",
        // y has two names, key and plain are inputs, table is a constant
        "output-aliases | third",
        // an if and a loop
        "output-branches | ''",
        "output-filter | kept, minus",
        "identity | ''",
        "strings | ''",
        // behind a ZipMap there are numbers, or an input
        "sklearn-zipmap | output_label, output_probability",
        "zipmap-of-input | ''",
        // a function decides inside
        "zipmap-function | ''",
        "several | first, second, fourth",
      })
  void knowsWhatANodeComputes(String model, String outputs) {
    String[] expected = outputs.isEmpty() ? new String[0] : outputs.split(", ");
    assertThat(ComputedOutputs.of(ModelGraph.of(TestModels.file(model)).orElseThrow()))
        .containsExactlyInAnyOrder(expected);
  }
}
