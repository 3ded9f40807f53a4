package dev.modelserver.operator.status;

import dev.modelserver.operator.apply.OverriddenField;
import dev.modelserver.operator.apply.Refusal;
import dev.modelserver.operator.diagnosis.Cause;
import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every condition of a situation. */
final class Verdicts {
  private static final int MOST_FIELDS = 10;

  private Verdicts() {}

  static List<Verdict> of(Situation s) {
    Verdict ready = ReadyChecks.ready(s);
    List<Verdict> all = new ArrayList<>(List.of(ready, available(s), modelLoaded(s)));
    progress(s, ready).ifPresent(all::add);
    if (s.waiting().isEmpty()) {
      RollbackSentences.rolledBack(s).ifPresent(all::add);
    }
    if (s.server().held()) {
      all.add(
          Verdict.yes(
              ConditionType.RECONCILIATION_PAUSED,
              Reason.RECONCILIATION_PAUSED,
              ReadyChecks.pause(s)));
    }
    ScalingVerdict.of(s).ifPresent(all::add);
    MonitoringVerdict.of(s).ifPresent(all::add);
    ExposedVerdict.of(s).ifPresent(all::add);
    labelsShared(s).ifPresent(all::add);
    fieldsOverridden(s).ifPresent(all::add);
    s.ignored()
        .map(why -> Verdict.yes(ConditionType.REVISION_IGNORED, why.getKey(), why.getValue()))
        .ifPresent(all::add);
    return all;
  }

  static Verdict available(Situation s) {
    int available = s.rollout().available();
    if (available > 0) {
      return Verdict.yes(
          ConditionType.AVAILABLE,
          Reason.PODS_AVAILABLE,
          "%d of %d pods answer".formatted(available, s.desired()));
    }
    boolean zero = s.desired() == 0;
    return Verdict.no(
        ConditionType.AVAILABLE,
        zero ? Reason.SCALED_TO_ZERO : Reason.PODS_UNAVAILABLE,
        zero ? "No pod is wanted" : "No pod answers yet");
  }

  private static Verdict modelLoaded(Situation s) {
    if (s.plan().current().report().isPresent()) {
      return Verdict.yes(
          ConditionType.MODEL_LOADED,
          Reason.MODEL_LOADED,
          s.plan().current().report().get().message());
    }
    return failure(s)
        .map(c -> Verdict.no(ConditionType.MODEL_LOADED, c.reason(), c.message()))
        .orElse(
            Verdict.unknown(
                ConditionType.MODEL_LOADED,
                Reason.PREFLIGHT_PENDING,
                "No preflight of this revision has finished"));
  }

  private static Optional<Cause> failure(Situation s) {
    return s.plan()
        .current()
        .rolledBack()
        .map(mark -> new Cause(mark.reason(), mark.message(), true))
        .or(() -> s.plan().cause());
  }

  /** kstatus' pair: `Stalled` where a person is needed, `Reconciling` while work is under way. */
  private static Optional<Verdict> progress(Situation s, Verdict ready) {
    if (!s.waiting().isEmpty() && s.refusal().isEmpty()) {
      return Optional.of(Verdict.yes(ConditionType.RECONCILING, ready.reason(), ready.message()));
    }
    boolean needed =
        s.refusal().isPresent()
            || s.plan().rolledBack()
            || Reason.DIGEST_MISMATCH.is(ready.reason())
            || (!s.plan().current().proven() && (s.overdue() || finalCause(s)));
    if (needed) {
      return Optional.of(Verdict.yes(ConditionType.STALLED, ready.reason(), ready.message()));
    }
    if (s.irreplaceable().isPresent()) {
      return s.irreplaceable()
          .map(why -> Verdict.yes(ConditionType.STALLED, Reason.DIGEST_MISMATCH, why));
    }
    if (s.plan().problem().isPresent()) {
      return s.plan()
          .problem()
          .map(p -> Verdict.yes(ConditionType.STALLED, Reason.ROLLBACK_IMPOSSIBLE, p));
    }
    Optional<Refusal> passing = s.refusals().stream().findFirst();
    if (passing.isPresent()) {
      return passing.map(r -> Verdict.yes(ConditionType.RECONCILING, r.reason(), r.message()));
    }
    return s.plan().current().proven() || s.desired() == 0
        ? Optional.empty()
        : Optional.of(Verdict.yes(ConditionType.RECONCILING, ready.reason(), ready.message()));
  }

  private static boolean finalCause(Situation s) {
    return s.plan().cause().map(Cause::isFinal).orElse(false);
  }

  private static Optional<Verdict> labelsShared(Situation s) {
    List<String> services = s.observed().otherServices();
    return services.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Verdict.yes(
                ConditionType.POD_LABELS_SHARED,
                Reason.SELECTED_BY_ANOTHER_SERVICE,
                "Service %s of this namespace selects these pods too and sends them its traffic: change spec.pod.labels, or the selector of that Service"
                    .formatted(String.join(", ", services.stream().limit(10).toList()))));
  }

  private static Optional<Verdict> fieldsOverridden(Situation s) {
    List<String> fields =
        s.overridden().stream().map(OverriddenField::sentence).distinct().toList();
    int more = fields.size() - MOST_FIELDS;
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Verdict.yes(
                ConditionType.FIELDS_OVERRIDDEN,
                Reason.ADMISSION_CHANGED_FIELDS,
                "A mutating admission policy or webhook of this cluster changes what the operator applies: %s%s. The operator does not apply the same values again until the spec or the stored object changes: accept the stored values, or exempt these objects from the policy or webhook and change the annotation modelserver.dev/retry (without it, the operator retries after an hour)"
                    .formatted(
                        String.join("; ", fields.stream().limit(MOST_FIELDS).toList()),
                        more > 0 ? "; and %d more".formatted(more) : "")));
  }
}
