package dev.modelserver.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.metrics.OperatorMetrics;
import dev.modelserver.operator.names.AlertName;
import io.prometheus.client.Collector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every alert has a runbook in docs/alerts.md where its link leads, and every metric a row. */
class AlertsDocumentedTest {
  private static final Path PAGE = Path.of("../docs/alerts.md");
  private static final Path OPERATOR_RULES = Path.of("../helm/files/operator-rules.yaml");
  private static final Pattern RUNBOOK = Pattern.compile("(?m)^### (\\w+)$");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(modelserver_\\w+)` \\|");
  private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");
  private static final Pattern LINK = Pattern.compile("(?m)^ +runbook_url: (\\S+)$");

  @Test
  void everyAlertHasARunbookAndEveryRunbookAnAlert() throws IOException {
    Stream<String> ofModels = Arrays.stream(AlertName.values()).map(AlertName::word);
    List<String> alerts = Stream.concat(ofModels, ofTheOperator(ALERT).stream()).toList();

    assertThat(matches(RUNBOOK, PAGE)).containsExactlyElementsOf(alerts);
  }

  @Test
  void everyLinkLeadsToTheRunbookOfItsAlert() throws IOException {
    assertThat(AlertName.RUNBOOKS).endsWith("/docs/" + PAGE.getFileName());
    assertThat(AlertName.NOT_READY.runbook())
        .isEqualTo(AlertName.RUNBOOKS + "#modelservernotready");
    assertThat(ofTheOperator(LINK))
        .containsExactlyElementsOf(
            ofTheOperator(ALERT).stream()
                .map(alert -> AlertName.RUNBOOKS + "#" + alert.toLowerCase(Locale.ROOT))
                .toList());
  }

  @Test
  void everyMetricHasARow() throws IOException {
    List<String> names =
        new OperatorMetrics(Clock.systemUTC())
            .collect().stream().map(AlertsDocumentedTest::shown).toList();

    assertThat(matches(ROW, PAGE)).containsAll(names).hasSize(names.size() + 1);
  }

  private static String shown(Collector.MetricFamilySamples family) {
    return family.type == Collector.Type.COUNTER ? family.name + "_total" : family.name;
  }

  private static List<String> ofTheOperator(Pattern pattern) throws IOException {
    return matches(pattern, OPERATOR_RULES);
  }

  private static List<String> matches(Pattern pattern, Path file) throws IOException {
    return pattern.matcher(Files.readString(file)).results().map(m -> m.group(1)).toList();
  }
}
