package dev.modelserver.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
  @Test
  void readsFileAndOptionsInAnyOrder() throws Exception {
    assertThat(Arguments.parse(List.of("--keep", "a.yaml", "--timeout", "30")))
        .isEqualTo(new Arguments(Path.of("a.yaml"), true, Duration.ofSeconds(30)));
    assertThat(Arguments.parse(List.of("a.yaml")))
        .isEqualTo(new Arguments(Path.of("a.yaml"), false, Duration.ofMinutes(2)));
  }

  @Test
  void helpNeedsNoFile() throws Exception {
    assertThat(Arguments.parse(List.of("--help")).file()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                    | no file given: try ./run-local samples/01-iris.yaml
          --keep                | no file given: try ./run-local samples/01-iris.yaml
          a.yaml b.yaml         | one file at a time: a.yaml and b.yaml were given
          --keeep a.yaml        | unknown option --keeep: see ./run-local --help
          a.yaml --timeout      | --timeout is "": it takes a number of seconds from 1 to 3600
          a.yaml --timeout 0    | --timeout is "0": it takes a number of seconds from 1 to 3600
          a.yaml --timeout 3601 | --timeout is "3601": it takes a number of seconds from 1 to 3600
          a.yaml --timeout 1m   | --timeout is "1m": it takes a number of seconds from 1 to 3600
          """)
  void refusesWhatItDoesNotKnow(String line, String message) {
    var words = line == null || line.isBlank() ? List.<String>of() : List.of(line.split(" "));

    assertThatThrownBy(() -> Arguments.parse(words))
        .isInstanceOf(RunFailure.class)
        .hasMessage(message);
  }
}
