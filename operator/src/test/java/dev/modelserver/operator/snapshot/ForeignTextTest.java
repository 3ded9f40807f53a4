package dev.modelserver.operator.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others wrote, as people read it. */
class ForeignTextTest {
  @Test
  void leavesOrdinaryTextAlone() {
    assertThat(ForeignText.shown("a model of Łódź, 模型 \ud83d\ude00", 100))
        .isEqualTo("a model of Łódź, 模型 \ud83d\ude00");
  }

  @Test
  void showsWhatCannotBeSeen() {
    assertThat(ForeignText.shown("a\u001b[2Jb\u0085c\u202ed\u2066e\u2028f\u200bg\nh", 100))
        .isEqualTo("a\\u001b[2Jb\\u0085c\\u202ed\\u2066e\\u2028f\\u200bg h");
  }

  @Test
  void showsTagsBeyondTheBmpAndHalvesOfCharacters() {
    assertThat(ForeignText.shown("a" + Character.toString(0xe0041) + "b\ud83dc", 100))
        .isEqualTo("a\\ue0041b\\ud83dc");
  }

  @Test
  void cutsBetweenCharacters() {
    assertThat(ForeignText.shown("abcdef", 3)).isEqualTo("abc…");
    assertThat(ForeignText.shown("ab\ud83d\ude00cd", 3)).isEqualTo("ab…");
  }

  @ParameterizedTest
  @CsvSource({
    "Failed, ChecksumMismatch, ChecksumMismatch",
    "Failed, Ready, PreflightFailed",
    "Failed, ModelLoaded, PreflightFailed",
    "Failed, not a reason, PreflightFailed",
    "Failed, '', PreflightFailed",
    "Failed, 9Lives, PreflightFailed",
    "Succeeded, ModelLoaded, ModelLoaded"
  })
  void aReportClaimsNoSuccessThatItIsNot(String outcome, String reason, String kept) {
    PreflightReport report =
        PreflightReport.parse(
                "{\"contract\":1,\"outcome\":\"%s\",\"reason\":\"%s\",\"message\":\"\\u001b[1mx\",\"final\":true}"
                    .formatted(outcome, reason))
            .orElseThrow();

    assertThat(report.reason()).isEqualTo(kept);
    assertThat(report.message()).isEqualTo("\\u001b[1mx");
  }
}
