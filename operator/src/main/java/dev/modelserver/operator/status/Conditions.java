package dev.modelserver.operator.status;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.diagnosis.ServerCrash;
import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.snapshot.ForeignText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Conditions as a list by type; the transition time moves only when the status does. */
public final class Conditions {
  private static final int LONGEST_MESSAGE = 32_767;

  /** Reasons of Ready that another condition tells, with more. */
  private static final Set<Reason> TOLD_ELSEWHERE =
      Set.of(Reason.ROLLED_BACK, Reason.MANUAL_ROLLBACK, Reason.RECONCILIATION_PAUSED);

  private Conditions() {}

  static List<Condition> merge(
      List<Condition> previous, List<Verdict> verdicts, long generation, Instant now) {
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return verdicts.stream()
        .map(
            v ->
                new Condition(
                    v.type(),
                    v.status(),
                    generation,
                    find(previous, v.type())
                        .filter(p -> p.status().equals(v.status()))
                        .map(Condition::lastTransitionTime)
                        .orElse(time),
                    v.reason(),
                    message(v)))
        .toList();
  }

  /** Cut again where escapes made it longer: the schema refuses the whole status otherwise. */
  private static String message(Verdict verdict) {
    return ForeignText.shown(
        ForeignText.shown(verdict.message(), LONGEST_MESSAGE), LONGEST_MESSAGE);
  }

  /**
   * The condition {@code RevisionIgnored}.
   *
   * @param why reason and message
   */
  public static Condition ignored(
      List<Condition> previous, Map.Entry<String, String> why, long generation, Instant now) {
    Verdict verdict = Verdict.yes(ConditionType.REVISION_IGNORED, why.getKey(), why.getValue());
    return merge(previous, List.of(verdict), generation, now).getFirst();
  }

  /** The condition of a type. */
  public static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
  }

  /** The conditions of a status that may be absent. */
  public static List<Condition> of(@Nullable ModelServerStatus status) {
    return status == null || status.conditions() == null ? List.of() : status.conditions();
  }

  /**
   * Whether a person should look: something failed, or a ready ModelServer is not ready any more.
   */
  public static boolean alarming(Condition condition) {
    return switch (condition.type()) {
      case ConditionType.ROLLED_BACK -> !Reason.MANUAL_ROLLBACK.is(condition.reason());
      case ConditionType.STALLED, ConditionType.POD_LABELS_SHARED, ConditionType.REVISION_IGNORED ->
          true;
      case ConditionType.READY,
          ConditionType.SCALING_ACTIVE,
          ConditionType.MONITORING,
          ConditionType.EXPOSED ->
          condition.status().equals("False")
              && Reason.of(condition.reason()).filter(Reason::waiting).isEmpty();
      default -> false;
    };
  }

  /**
   * A crash of a server that the conditions before did not tell, as an Event needs it; empty where
   * a transition tells it.
   */
  public static Optional<Condition> crash(
      Optional<ServerCrash> crash, List<Condition> before, List<Condition> after) {
    boolean transition =
        transitions(before, after).stream().anyMatch(c -> Reason.SERVER_CRASHED.is(c.reason()));
    Optional<Condition> ready = find(after, ConditionType.READY);
    return crash
        .filter(_ -> !transition)
        .filter(
            c ->
                find(before, ConditionType.READY)
                    .map(known -> !known.message().contains(c.sentence()))
                    .orElse(true))
        .flatMap(
            c ->
                ready.map(
                    now ->
                        new Condition(
                            now.type(),
                            now.status(),
                            now.observedGeneration(),
                            // Each crash is another Event.
                            c.at() + "/" + c.pod(),
                            Reason.SERVER_CRASHED.word(),
                            c.sentence())));
  }

  /** That a model may be replaced on its way, as an Event needs it: when Ready begins to say so. */
  public static Optional<Condition> unprotected(List<Condition> before, List<Condition> after) {
    return find(after, ConditionType.READY)
        .filter(now -> now.message().contains(ReadyChecks.UNPROTECTED))
        .filter(
            _ ->
                find(before, ConditionType.READY)
                    .map(known -> !known.message().contains(ReadyChecks.UNPROTECTED))
                    .orElse(true))
        .map(
            now ->
                new Condition(
                    now.type(),
                    now.status(),
                    now.observedGeneration(),
                    now.lastTransitionTime(),
                    Reason.UNPROTECTED_DOWNLOAD.word(),
                    ReadyChecks.UNPROTECTED));
  }

  /** Where a person is needed although Ready does not say so. */
  private static boolean toldByStalledAlone(Condition condition, List<Condition> after) {
    if (!condition.type().equals(ConditionType.STALLED)) {
      return false;
    }
    boolean ready =
        find(after, ConditionType.READY).filter(c -> c.status().equals("True")).isPresent();
    return Reason.ROLLBACK_IMPOSSIBLE.is(condition.reason())
        || (Reason.DIGEST_MISMATCH.is(condition.reason()) && ready);
  }

  /** Conditions worth an Event: new or with another status or reason than before. */
  public static List<Condition> transitions(List<Condition> before, List<Condition> after) {
    List<String> told =
        List.of(
            ConditionType.READY,
            ConditionType.ROLLED_BACK,
            ConditionType.RECONCILIATION_PAUSED,
            ConditionType.SCALING_ACTIVE,
            ConditionType.MONITORING,
            ConditionType.EXPOSED,
            ConditionType.POD_LABELS_SHARED,
            ConditionType.REVISION_IGNORED,
            ConditionType.FIELDS_OVERRIDDEN);
    return after.stream()
        // Of Stalled only what Ready does not tell.
        .filter(c -> told.contains(c.type()) || toldByStalledAlone(c, after))
        .filter(
            c ->
                find(before, c.type())
                    .map(p -> !p.status().equals(c.status()) || !p.reason().equals(c.reason()))
                    .orElse(true))
        // Ready=False/RolledBack is told by the condition RolledBack, with from, to and why; a
        // pause
        // by its own.
        .filter(
            c ->
                !(c.type().equals(ConditionType.READY)
                    && Reason.of(c.reason()).filter(TOLD_ELSEWHERE::contains).isPresent()))
        .toList();
  }
}
