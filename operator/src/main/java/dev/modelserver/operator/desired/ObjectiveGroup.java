package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.AlertName;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.AlertRules;
import dev.modelserver.operator.resolve.AlertRules.LatencyTarget;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.RuleBuilder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The objective of a ModelServer as rules of Prometheus: shares of bad requests over several
 * windows, and alerts where a long and a short window both burn the budget of 30 days too fast
 * (Google's Site Reliability Workbook, chapter 5). Long windows are averages of what was recorded
 * for 5 minutes: a rate over three days of every pod would be slow.
 */
final class ObjectiveGroup {
  private static final String REQUESTS = "modelserver:requests:rate5m";
  private static final String FAILED = "modelserver:requests_failed:rate5m";
  private static final String ANSWERED = "modelserver:requests_answered:rate5m";
  private static final String SLOW = "modelserver:requests_slow:rate5m";
  private static final String UNAVAILABLE = "modelserver:unavailable";
  private static final String ERRORS = "modelserver:error_ratio:";
  private static final String SLOW_SHARE = "modelserver:slow_ratio:";
  private static final BigDecimal PERCENT = BigDecimal.valueOf(100);

  /**
   * Two windows.
   *
   * @param factor how many times as fast as allowed the budget is used up
   */
  private record Burn(String factor, String longer, String shorter, String severity) {}

  private static final List<Burn> BURNS =
      List.of(
          new Burn("14.4", "1h", "5m", "critical"),
          new Burn("6", "6h", "30m", "critical"),
          new Burn("3", "1d", "2h", "warning"),
          new Burn("1", "3d", "6h", "warning"));

  private static final List<String> WINDOWS = List.of("5m", "30m", "1h", "2h", "6h", "1d", "3d");

  private final Owner owner;
  private final Queries queries;
  private final List<Rule> rules = new ArrayList<>();

  private ObjectiveGroup(Owner owner) {
    this.owner = owner;
    this.queries = new Queries(owner);
  }

  static List<Rule> of(Owner owner, AlertRules wanted) {
    ObjectiveGroup group = new ObjectiveGroup(owner);
    wanted.availability().ifPresent(group::availability);
    wanted.fast().ifPresent(group::latency);
    return List.copyOf(group.rules);
  }

  private void availability(BigDecimal percent) {
    record(REQUESTS, queries.requests());
    record(FAILED, queries.failed());
    record(UNAVAILABLE, queries.unavailable());
    for (String window : WINDOWS) {
      // Without requests there is no share of them, and without the operator no time without pods.
      String down = "(%s or vector(0))".formatted(average(UNAVAILABLE, window));
      record(
          ERRORS + window,
          "%s + (1 - %s) * (%s or vector(0))"
              .formatted(down, down, share(FAILED, REQUESTS, window)));
    }
    alerts(
        AlertName.AVAILABILITY_BUDGET,
        ERRORS,
        percent,
        "%s percent of the requests are to succeed".formatted(AlertGroup.number(percent)));
  }

  private void latency(LatencyTarget target) {
    record(ANSWERED, queries.answered());
    record(
        SLOW,
        "clamp_min(%s - %s, 0)".formatted(queries.answered(), queries.within(target.threshold())));
    for (String window : WINDOWS) {
      record(SLOW_SHARE + window, "%s or vector(0)".formatted(share(SLOW, ANSWERED, window)));
    }
    alerts(
        AlertName.LATENCY_BUDGET,
        SLOW_SHARE,
        target.percent(),
        "%s percent of the answered requests are to take at most %d ms"
            .formatted(AlertGroup.number(target.percent()), target.threshold().millis()));
  }

  private String average(String metric, String window) {
    return "max(avg_over_time(%s[%s]))".formatted(queries.recorded(metric), window);
  }

  /** Empty where it is 0 or there are no requests. */
  private String share(String part, String whole, String window) {
    return "(%s / %s > 0)".formatted(average(part, window), average(whole, window));
  }

  private void record(String name, String expression) {
    rules.add(
        new RuleBuilder()
            .withRecord(name)
            .withExpr(new IntOrString(expression))
            .withLabels(AlertGroup.labels(owner))
            .build());
  }

  private void alerts(AlertName alert, String ratio, BigDecimal percent, String objective) {
    BigDecimal budget = PERCENT.subtract(percent).divide(PERCENT);
    for (Burn burn : BURNS) {
      BigDecimal limit = budget.multiply(new BigDecimal(burn.factor()));
      // No share is above 1: a large budget cannot be used up so fast.
      if (limit.compareTo(BigDecimal.ONE) < 0) {
        rules.add(
            AlertGroup.alert(
                owner,
                alert,
                "%s > %s and %s > %s"
                    .formatted(
                        queries.recorded(ratio + burn.longer()),
                        AlertGroup.number(limit),
                        queries.recorded(ratio + burn.shorter()),
                        AlertGroup.number(limit)),
                null,
                Map.of("severity", burn.severity(), "window", burn.longer()),
                "%s; in the last %s the budget for others was used up at least %s times as fast as it may be over 30 days."
                    .formatted(objective, burn.longer(), burn.factor())));
      }
    }
  }
}
