package dev.modelserver.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Reason;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the schema admits of a condition. */
class ConditionsTest {
  private static final int LONGEST_MESSAGE = 32_768;

  @Test
  void aMessageFitsTheSchemaAlsoWithEscapes() {
    Verdict verdict =
        Verdict.no(ConditionType.READY, Reason.INVALID_SPEC, "\u200b".repeat(LONGEST_MESSAGE));

    assertThat(Conditions.merge(List.of(), List.of(verdict), 1, Instant.EPOCH))
        .singleElement()
        .satisfies(
            condition ->
                assertThat(condition.message())
                    .hasSize(LONGEST_MESSAGE)
                    .startsWith("\\u200b")
                    .endsWith("…"));
  }
}
