package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.AlertName;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.AlertRules;
import dev.modelserver.operator.resolve.AlertRules.Alerting;
import dev.modelserver.operator.resolve.AlertRules.LatencyTarget;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.RuleBuilder;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The alerts of a ModelServer as rules of Prometheus. */
final class AlertGroup {
  private final Owner owner;
  private final Queries queries;
  private final AlertRules wanted;

  private AlertGroup(Owner owner, AlertRules wanted) {
    this.owner = owner;
    this.queries = new Queries(owner);
    this.wanted = wanted;
  }

  /**
   * The rules.
   *
   * @param metrics whether the pods show their metrics
   */
  static List<Rule> of(Owner owner, AlertRules wanted, boolean metrics) {
    AlertGroup group = new AlertGroup(owner, wanted);
    return Arrays.stream(AlertName.values())
        .filter(alert -> metrics || !AlertRules.needsMetricsOfPods(alert))
        .flatMap(
            alert ->
                Stream.ofNullable(wanted.alerts().get(alert)).map(when -> group.rule(alert, when)))
        .toList();
  }

  private Rule rule(AlertName alert, Alerting when) {
    return alert(
        owner,
        alert,
        expression(alert, number(when.threshold())),
        when.pending(),
        Map.of("severity", when.severity().name().toLowerCase(Locale.ROOT)),
        description(alert, number(when.threshold())));
  }

  /** An alert with the labels and annotations that all have. */
  static Rule alert(
      Owner owner,
      AlertName alert,
      String expression,
      @Nullable String pending,
      Map<String, String> labels,
      String description) {
    Map<String, String> all = new TreeMap<>(labels(owner));
    all.putAll(labels);
    Map<String, String> annotations = new TreeMap<>();
    annotations.put("description", description);
    annotations.put("runbook_url", alert.runbook());
    annotations.put(
        "summary",
        "ModelServer %s/%s: %s".formatted(owner.namespace(), owner.name(), summary(alert)));
    return new RuleBuilder()
        .withAlert(alert.word())
        .withExpr(new IntOrString(expression))
        .withFor(pending)
        .withLabels(all)
        .withAnnotations(annotations)
        .build();
  }

  /** Labels of every series and alert of a ModelServer, whatever the query says. */
  static Map<String, String> labels(Owner owner) {
    // In one order: the same input gives the same bytes.
    return new TreeMap<>(Map.of("namespace", owner.namespace(), "modelserver", owner.name()));
  }

  private String expression(AlertName alert, String threshold) {
    return switch (alert) {
      case NOT_READY -> queries.told("modelserver_ready") + " == 0";
      case ROLLED_BACK -> queries.told("modelserver_rolled_back") + " == 1";
      case NO_PODS ->
          "%s == 0 and %s > 0"
              .formatted(
                  queries.told("modelserver_replicas_available"),
                  queries.told("modelserver_replicas_desired"));
      case ERROR_RATE ->
          "100 * (%s) / (%s) > %s".formatted(queries.failed(), queries.requests(), threshold);
      case LATENCY ->
          "100 * %s / %s < %s"
              .formatted(queries.within(target().threshold()), queries.answered(), threshold);
      case QUEUE_FULL ->
          "100 * max by (pod) (%s / %s) >= %s"
              .formatted(
                  queries.pods("ml_inference_queue_depth"),
                  queries.pods("ml_inference_queue_limit"),
                  threshold);
      case MEMORY_NEAR_LIMIT ->
          "100 * max by (pod) (%s / %s) >= %s"
              .formatted(
                  queries.pods("ml_container_memory_working_set_bytes"),
                  queries.pods("ml_container_memory_limit_bytes"),
                  threshold);
      case NEAR_MAX_REPLICAS ->
          "100 * %s / %s >= %s"
              .formatted(
                  queries.told("modelserver_replicas_desired"),
                  queries.told("modelserver_replicas_max"),
                  threshold);
      case CERTIFICATE_EXPIRES ->
          "min by (pod, secret) (%s) - time() < %s * 86400"
              .formatted(queries.pods("ml_tls_certificate_not_after_seconds"), threshold);
      case SECRET_RELOAD_FAILED ->
          "max by (pod, secret) (%s) == 1".formatted(queries.pods("ml_secret_reload_failed"));
      case AVAILABILITY_BUDGET, LATENCY_BUDGET -> throw new IllegalArgumentException(alert.word());
    };
  }

  private LatencyTarget target() {
    return wanted.latency().orElseThrow();
  }

  private static String summary(AlertName alert) {
    return switch (alert) {
      case NOT_READY -> "not ready";
      case ROLLED_BACK -> "rolled back";
      case NO_PODS -> "no pod is available";
      case ERROR_RATE -> "too many requests fail";
      case LATENCY -> "too many requests are slow";
      case QUEUE_FULL -> "the queue of a pod is nearly full";
      case MEMORY_NEAR_LIMIT -> "a pod is near its memory limit";
      case NEAR_MAX_REPLICAS -> "near the most pods that the autoscaler may make";
      case CERTIFICATE_EXPIRES -> "the certificate expires soon";
      case SECRET_RELOAD_FAILED -> "a changed certificate or token cannot be used";
      case AVAILABILITY_BUDGET -> "the error budget is used up too fast";
      case LATENCY_BUDGET -> "the budget for slow requests is used up too fast";
    };
  }

  private String description(AlertName alert, String threshold) {
    String value = "{{ $value | printf \"%.2f\" }}";
    return switch (alert) {
      case NOT_READY ->
          "Ready is not True; kubectl describe modelserver %s -n %s has the reason."
              .formatted(owner.name(), owner.namespace());
      case ROLLED_BACK ->
          "Another revision runs in place of the one that the spec asks for; its condition RolledBack has the reason.";
      case NO_PODS -> "No request is answered: no pod is available, and at least one is wanted.";
      case ERROR_RATE ->
          "%s percent of the requests fail by a fault of the server, more than %s."
              .formatted(value, threshold);
      case LATENCY ->
          "Only %s percent of the answered requests take at most %d ms, fewer than %s."
              .formatted(value, target().threshold().millis(), threshold);
      case QUEUE_FULL ->
          "The queue of pod {{ $labels.pod }} holds %s percent of what it can; a full queue answers 503."
              .formatted(value);
      case MEMORY_NEAR_LIMIT ->
          "Pod {{ $labels.pod }} uses %s percent of its memory limit; at the limit it is killed."
              .formatted(value);
      case NEAR_MAX_REPLICAS ->
          "The autoscaler wants %s percent of spec.autoscaling.maxReplicas.".formatted(value);
      case CERTIFICATE_EXPIRES ->
          "The certificate of pod {{ $labels.pod }} (Secret {{ $labels.secret }}) expires in {{ $value | humanizeDuration }}, and no renewed one has reached it.";
      case SECRET_RELOAD_FAILED ->
          "Pod {{ $labels.pod }} cannot use what changed in Secret {{ $labels.secret }} and keeps the last good state; its log has the reason.";
      case AVAILABILITY_BUDGET, LATENCY_BUDGET -> throw new IllegalArgumentException(alert.word());
    };
  }

  /** Without the zeros that a decimal may end in. */
  static String number(BigDecimal value) {
    return value.stripTrailingZeros().toPlainString();
  }
}
