package dev.modelserver.operator.metrics;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.api.v1alpha1.RevisionStatus;
import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.RolloutState;
import dev.modelserver.operator.status.Conditions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a pass saw of a ModelServer and said of it.
 *
 * @param before the status before, if any
 * @param after the status as it is now
 * @param seen the cluster
 * @param scaling who decides the number of pods; empty: the spec cannot be read
 */
public record Passed(
    Optional<ModelServerStatus> before,
    ModelServerStatus after,
    Observed seen,
    Optional<Scaling> scaling) {

  /** Stands for every reason that is none of the operator's own: foreign text is no label. */
  static final String OTHER = "Other";

  RolloutState rollout() {
    return RolloutState.of(seen.deployment(), "");
  }

  /** Wanted pods. */
  int desired() {
    return seen.deployment().isPresent()
        ? rollout().desired()
        : scaling.map(Scaling::floor).orElse(0);
  }

  /** The bounds between which an autoscaler decides. */
  Optional<Scaling.Autoscaled> bounds() {
    return scaling.filter(Scaling.Autoscaled.class::isInstance).map(Scaling.Autoscaled.class::cast);
  }

  boolean ready() {
    return "True".equals(readiness());
  }

  /** True, False or Unknown. */
  String readiness() {
    return condition(after, ConditionType.READY)
        .map(Condition::status)
        .filter(status -> status.equals("True") || status.equals("False"))
        .orElse("Unknown");
  }

  /** The reason of Ready. */
  String reason() {
    return condition(after, ConditionType.READY)
        .flatMap(ready -> Reason.of(ready.reason()))
        .map(Reason::word)
        .orElse(OTHER);
  }

  boolean rolledBack() {
    return condition(after, ConditionType.ROLLED_BACK).isPresent();
  }

  /** When the revision that the spec asks for was made, in seconds since 1970. */
  OptionalLong revisionCreated() {
    return Stream.ofNullable(after.history())
        .flatMap(history -> history.stream())
        .filter(entry -> Objects.equals(entry.revision(), after.currentRevision()))
        .map(RevisionStatus::created)
        .filter(Objects::nonNull)
        .flatMapToLong(created -> seconds(created).stream())
        .findFirst();
  }

  /** The spec asks for another revision than before. */
  boolean rolloutBegan() {
    return after.currentRevision() != null
        && !after
            .currentRevision()
            .equals(before.map(ModelServerStatus::currentRevision).orElse(null));
  }

  /** A rollback that is new: automatic or by hand. */
  Optional<RollbackCause> rollbackBegan() {
    return condition(after, ConditionType.ROLLED_BACK)
        .filter(_ -> condition(before.orElse(null), ConditionType.ROLLED_BACK).isEmpty())
        .map(
            now ->
                Reason.MANUAL_ROLLBACK.is(now.reason())
                    ? RollbackCause.MANUAL
                    : RollbackCause.AUTOMATIC);
  }

  private static Optional<Condition> condition(@Nullable ModelServerStatus status, String type) {
    return Conditions.find(Conditions.of(status), type)
        .filter(
            condition ->
                !type.equals(ConditionType.ROLLED_BACK) || condition.status().equals("True"));
  }

  /** The time of a stored record is input. */
  private static OptionalLong seconds(String instant) {
    try {
      return OptionalLong.of(Instant.parse(instant).getEpochSecond());
    } catch (DateTimeException e) {
      return OptionalLong.empty();
    }
  }
}
