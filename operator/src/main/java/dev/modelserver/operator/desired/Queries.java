package dev.modelserver.operator.desired;

import dev.modelserver.operator.api.v1alpha1.LatencyBound;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;

/**
 * PromQL about one ModelServer. The metrics of its pods have the labels {@code namespace} and
 * {@code service} that a ServiceMonitor gives them; those of the operator have labels of their own,
 * because {@code namespace} is there the operator's. Namespace and name are DNS labels: there is
 * nothing to escape.
 */
record Queries(Owner owner) {
  /** Types of failures that are the server's: 5xx, and the gRPC codes that mean the same. */
  private static final String FAULTS =
      "type=~\"model_failed|internal|not_ready|overloaded|deadline_exceeded\"";

  /** A metric of the pods. */
  String pods(String metric, String... matchers) {
    return "%s{namespace=\"%s\",service=\"%s\"%s}"
        .formatted(metric, owner.namespace(), Names.workload(owner), further(matchers));
  }

  /** A metric of the operator, without the labels of the operator's pod. */
  String told(String metric) {
    return "max(%s{modelserver_namespace=\"%s\",modelserver=\"%s\"})"
        .formatted(metric, owner.namespace(), owner.name());
  }

  /** What a recording rule of this ModelServer recorded. */
  String recorded(String metric) {
    return "%s{namespace=\"%s\",modelserver=\"%s\"}"
        .formatted(metric, owner.namespace(), owner.name());
  }

  private static String further(String... matchers) {
    return matchers.length == 0 ? "" : "," + String.join(",", matchers);
  }

  private static String rate(String selected) {
    return "sum(rate(%s[5m]))".formatted(selected);
  }

  private static String orZero(String query) {
    return "(%s or vector(0))".formatted(query);
  }

  /** Answered requests a second. */
  String answered() {
    return rate(pods("ml_prediction_duration_seconds_count"));
  }

  /** Answered requests a second that took at most so long. */
  String within(LatencyBound bound) {
    return rate(
        pods(
            "ml_prediction_duration_seconds_bucket",
            "le=\"%s\"".formatted(Double.toString(bound.millis() / 1e3))));
  }

  /**
   * Requests a second that failed by a fault of the server. A body that came too slowly has the
   * type of a deadline too, but is the client's: 408.
   */
  String failed() {
    return "clamp_min(%s - %s, 0)"
        .formatted(
            orZero(rate(pods("ml_errors_total", FAULTS))),
            orZero(rate(pods("http_server_requests_seconds_count", "status=\"408\""))));
  }

  /** Requests a second, without those that are a fault of the client. */
  String requests() {
    return orZero(answered()) + " + " + failed();
  }

  /** 1 while no pod is available and at least one is wanted, else 0. */
  String unavailable() {
    return "(%s == bool 0) * (%s > bool 0)"
        .formatted(told("modelserver_replicas_available"), told("modelserver_replicas_desired"));
  }
}
