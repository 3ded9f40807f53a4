package dev.modelserver.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrinterColumnsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:01:05Z");

  @Test
  void printsWhatKubectlPrints() {
    var ready =
        object(
            """
            {"metadata":{"name":"iris","creationTimestamp":"2026-01-01T00:00:00Z"},
             "status":{"readySummary":"3/3","conditions":[
               {"type":"Available","status":"False"},{"type":"Ready","status":"True"}]}}
            """);
    var fresh =
        object(
            """
            {"metadata":{"name":"health-risk","creationTimestamp":"2026-01-01T00:01:04Z"}}
            """);

    var table = new PrinterColumns(Definitions.modelServer()).table(List.of(ready, fresh), NOW);

    assertThat(table)
        .isEqualTo(
            """
            NAME          READY   REPLICAS   AGE
            iris          True    3/3        65s
            health-risk                      1s
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "119, 119s",
    "120, 2m",
    "155, 2m35s",
    "600, 10m",
    "10799, 179m",
    "10800, 3h"
  })
  void writesAgesAsKubectlDoes(long seconds, String age) {
    assertThat(PrinterColumns.age(Duration.ofSeconds(seconds))).isEqualTo(age);
  }

  private static ObjectNode object(String json) {
    return Serialization.unmarshal(json, ObjectNode.class);
  }
}
