package dev.modelserver.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Any version becomes the value of a label. */
class RevisionLabelsTest {
  @ParameterizedTest
  @CsvSource({
    "v1.0.0, v1.0.0",
    "2026-11-22 10:00, 2026-11-22-10-00",
    "'(beta)', beta",
    "'***', ''",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bb, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  })
  void aLegalValue(String version, String value) {
    assertThat(RevisionLabels.value(version)).isEqualTo(value).hasSizeLessThanOrEqualTo(63);
  }
}
