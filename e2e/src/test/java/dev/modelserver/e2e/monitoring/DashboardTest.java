package dev.modelserver.e2e.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.e2e.cluster.Repository;
import dev.modelserver.e2e.monitoring.Dashboard.Query;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No query of a dashboard may be overlooked: what is not found is not tested on a cluster. */
class DashboardTest {
  @Test
  void panelsAnnotationsAndVariablesAsk() {
    Dashboard board =
        Dashboard.parse(
            """
            {"title": "T", "panels": [
              {"title": "P", "targets": [{"refId": "A", "expr": "up"}, {"refId": "B", "expr": "b{n=\\"$n\\"}[$__range]"}]},
              {"type": "row", "panels": [{"title": "Folded", "targets": [{"refId": "A", "expr": "c"}]}]}],
             "annotations": {"list": [{"name": "R", "expr": "d > 0"}]},
             "templating": {"list": [{"name": "datasource", "query": "prometheus"}, {"name": "n", "query": "label_values(m{a=\\"b\\"}, ns)"}]}}
            """);

    assertThat(board.queries())
        .containsExactly(
            new Query("P A", "up"),
            new Query("P B", "b{n=\"$n\"}[$__range]"),
            new Query("Folded A", "c"),
            new Query("annotation R", "d > 0"),
            new Query("variable n", "group by (ns) (m{a=\"b\"})"));
    assertThat(board.queries().get(1).filled(Map.of("$n", "x", "$__range", "3h")))
        .isEqualTo("b{n=\"x\"}[3h]");
  }

  @Test
  void aPanelWithoutAnExpressionIsRefused() {
    assertThatThrownBy(
            () -> Dashboard.parse("{\"panels\": [{\"title\": \"P\", \"targets\": [{}]}]}"))
        .hasMessageContaining("P  has no expression");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "fleet"})
  void allOfTheChartsAreFound(String name) {
    String json =
        new String(
            Repository.bytes("helm/files/dashboards/" + name + ".json"), StandardCharsets.UTF_8);

    assertThat(Dashboard.parse(json).queries())
        .filteredOn(query -> !query.place().startsWith("variable"))
        .hasSize(json.split("\"expr\":", -1).length - 1)
        .isNotEmpty();
  }
}
