package dev.modelserver.operator.metrics;

import dev.modelserver.operator.names.Reason;
import io.prometheus.client.Collector;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * {@code modelserver_*}: the ModelServers by readiness, each of them, and what the operator writes.
 * They are put together for each scrape from what the last pass over each ModelServer saw, so only
 * the operator that reconciles has them, and they are right after a restart once each ModelServer
 * was looked at, be there something to write or not.
 */
public final class OperatorMetrics extends Collector {
  private static final String NAMESPACE = "modelserver_namespace";
  private static final String NAME = "modelserver";

  private final Clock clock;
  private final Map<Id, Known> known = new ConcurrentHashMap<>();
  private final Map<Reason, LongAdder> refusals = new ConcurrentHashMap<>();
  private final Map<Write, LongAdder> writes = new ConcurrentHashMap<>();
  private volatile Supplier<Set<Id>> existing = Set::of;

  /** A ModelServer. */
  public record Id(String namespace, String name) {}

  /** Writes of a verb to a resource. */
  private record Write(String verb, String resource) {}

  /** The last pass over a ModelServer, and what happened since the operator began. */
  private record Known(
      Passed passed, Instant at, long rollouts, Map<RollbackCause, Long> rollbacks) {
    static Known first(Passed passed, Instant at) {
      return new Known(passed, at, 0, Map.of()).and(passed, at);
    }

    Known and(Passed next, Instant now) {
      Map<RollbackCause, Long> counted = new EnumMap<>(RollbackCause.class);
      counted.putAll(rollbacks);
      next.rollbackBegan().ifPresent(cause -> counted.merge(cause, 1L, Long::sum));
      return new Known(next, now, rollouts + (next.rolloutBegan() ? 1 : 0), counted);
    }
  }

  public OperatorMetrics(Clock clock) {
    this.clock = clock;
  }

  /** The ModelServers that there are; what is told of others ends with the next scrape. */
  public void existing(Supplier<Set<Id>> all) {
    existing = all;
  }

  /** A pass over a ModelServer ended, and its status is written. */
  public void passed(Id id, Passed passed) {
    Instant now = clock.instant();
    known.compute(
        id, (_, before) -> before == null ? Known.first(passed, now) : before.and(passed, now));
  }

  /** An object could not be written, or a pass could not be completed. */
  public void refused(Reason reason) {
    refusals.computeIfAbsent(reason, _ -> new LongAdder()).increment();
  }

  /**
   * The API server accepted a write.
   *
   * @param resource plural, and the subresource after a slash
   */
  public void wrote(String verb, String resource) {
    writes.computeIfAbsent(new Write(verb, resource), _ -> new LongAdder()).increment();
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Map<Id, Known> all = new HashMap<>(known);
    // After the copy: a ModelServer that is new in it is known by now.
    Set<Id> there = existing.get();
    known.keySet().removeIf(id -> all.containsKey(id) && !there.contains(id));
    all.keySet().retainAll(there);
    List<MetricFamilySamples> families = new ArrayList<>();
    families.add(fleet(all).collected());
    each(all).forEach(family -> families.add(family.collected()));
    families.add(refusals().collected());
    families.add(writes().collected());
    return families;
  }

  private static Family fleet(Map<Id, Known> all) {
    Family family =
        Family.gauge(
            "modelserver_modelservers",
            "ModelServers by status and reason of Ready",
            "ready",
            "reason");
    Map<List<String>, Integer> counts = new HashMap<>();
    all.values()
        .forEach(
            known ->
                counts.merge(
                    List.of(known.passed().readiness(), known.passed().reason()), 1, Integer::sum));
    counts.forEach((labels, count) -> family.add(count, labels.get(0), labels.get(1)));
    return family;
  }

  private static List<Family> each(Map<Id, Known> all) {
    Family ready = gauge("modelserver_ready", "1: Ready is True");
    Family reason =
        Family.gauge(
            "modelserver_ready_reason", "1 for the reason of Ready", NAMESPACE, NAME, "reason");
    Family desired = gauge("modelserver_replicas_desired", "Pods that are wanted");
    Family readyPods = gauge("modelserver_replicas_ready", "Pods that are ready");
    Family available = gauge("modelserver_replicas_available", "Pods that are available");
    Family fewest = gauge("modelserver_replicas_min", "Fewest pods of the autoscaler");
    Family most = gauge("modelserver_replicas_max", "Most pods of the autoscaler");
    Family rolledBack = gauge("modelserver_rolled_back", "1: another revision runs in its place");
    Family created =
        gauge(
            "modelserver_revision_created_timestamp_seconds",
            "When the revision that the spec asks for was made");
    Family reconciled =
        gauge(
            "modelserver_last_reconcile_timestamp_seconds",
            "When it was last reconciled to the end");
    Family rollouts =
        Family.counter(
            "modelserver_rollouts_total", "Rollouts of another revision", NAMESPACE, NAME);
    Family rollbacks =
        Family.counter(
            "modelserver_rollbacks_total", "Rollbacks by their cause", NAMESPACE, NAME, "cause");
    all.forEach(
        (id, known) -> {
          Passed passed = known.passed();
          String[] labels = {id.namespace(), id.name()};
          ready.add(passed.ready() ? 1 : 0, labels);
          reason.add(1, id.namespace(), id.name(), passed.reason());
          desired.add(passed.desired(), labels);
          readyPods.add(passed.rollout().ready(), labels);
          available.add(passed.rollout().available(), labels);
          passed.bounds().ifPresent(bounds -> fewest.add(bounds.minReplicas(), labels));
          passed.bounds().ifPresent(bounds -> most.add(bounds.maxReplicas(), labels));
          rolledBack.add(passed.rolledBack() ? 1 : 0, labels);
          passed.revisionCreated().ifPresent(seconds -> created.add(seconds, labels));
          reconciled.add(known.at().toEpochMilli() / 1e3, labels);
          rollouts.add(known.rollouts(), labels);
          for (RollbackCause cause : RollbackCause.values()) {
            rollbacks.add(
                known.rollbacks().getOrDefault(cause, 0L),
                id.namespace(),
                id.name(),
                cause.label());
          }
        });
    return List.of(
        ready,
        reason,
        desired,
        readyPods,
        available,
        fewest,
        most,
        rolledBack,
        created,
        reconciled,
        rollouts,
        rollbacks);
  }

  private static Family gauge(String name, String help) {
    return Family.gauge(name, help, NAMESPACE, NAME);
  }

  private Family refusals() {
    Family family =
        Family.counter(
            "modelserver_refusals_total",
            "Objects that could not be written, and passes that could not be completed, by reason",
            "reason");
    refusals.forEach((reason, count) -> family.add(count.sum(), reason.word()));
    return family;
  }

  private Family writes() {
    Family family =
        Family.counter(
            "modelserver_writes_total",
            "Writes that the API server accepted, but those of the Lease",
            "verb",
            "resource");
    writes.forEach((write, count) -> family.add(count.sum(), write.verb(), write.resource()));
    return family;
  }
}
