package dev.modelserver.operator.status;

import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.diagnosis.Cause;
import dev.modelserver.operator.diagnosis.ServerCrash;
import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.ResolvedModelServer.Disruption;
import dev.modelserver.operator.snapshot.RolloutState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The ordered checks behind `Ready`: the first that says something decides. */
final class ReadyChecks {
  private static final List<Function<Situation, Optional<Verdict>>> CHECKS =
      List.of(
          ReadyChecks::refused,
          ReadyChecks::held,
          RollbackSentences::notReady,
          ReadyChecks::rolling,
          ReadyChecks::digestsDiffer,
          ReadyChecks::scaledToZero,
          ReadyChecks::tooFew);

  private static final String NO_EVICTION =
      "spec.disruption.maxUnavailable is 0, so that no pod can be evicted and a node drain waits";

  /** The model may be replaced on its way to a pod. */
  static final String UNPROTECTED =
      "spec.model.uri is fetched over plain http and spec.model.sha256 is not set, so that anybody on the way can put another model in its place: use https, or set the digest";

  private ReadyChecks() {}

  private static boolean blocksDrains(Situation s) {
    Disruption disruption = s.server().disruption();
    return s.desired() > 0
        && disruption.enabled()
        && Set.of("0", "0%").contains(String.valueOf(disruption.maxUnavailable().getValue()));
  }

  static Verdict ready(Situation s) {
    Verdict verdict = blocksDrains(s) ? first(s).adding(NO_EVICTION) : first(s);
    verdict = s.server().workload().model().unprotected() ? verdict.adding(UNPROTECTED) : verdict;
    for (String note : s.notes()) {
      verdict = verdict.adding(note);
    }
    return s.plan().problem().map(verdict::adding).orElse(verdict);
  }

  private static Verdict first(Situation s) {
    return CHECKS.stream()
        .map(check -> check.apply(s))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(
            () ->
                Verdict.yes(
                    ConditionType.READY,
                    Reason.READY,
                    "%s serves with %d of %d pods%s"
                        .formatted(
                            name(s),
                            s.rollout().available(),
                            s.desired(),
                            s.plan()
                                .cause()
                                .map(Cause::message)
                                .or(() -> s.crash().map(ServerCrash::sentence))
                                .map(sentence -> "; " + sentence)
                                .orElse(""))));
  }

  private static Optional<Verdict> refused(Situation s) {
    return s.refusal().map(r -> no(r.reason(), r.message()));
  }

  private static Optional<Verdict> held(Situation s) {
    return s.waiting().isEmpty()
        ? Optional.empty()
        : Optional.of(no(Reason.RECONCILIATION_PAUSED, pause(s)));
  }

  /** What the annotation modelserver.dev/pause-reconciliation holds back. */
  static String pause(Situation s) {
    return "Reconciliation is paused by the annotation modelserver.dev/pause-reconciliation; "
        + (s.waiting().isEmpty()
            ? "nothing waits to be changed"
            : "these wait to be changed: %s. Remove it to go on"
                .formatted(String.join(", ", s.waiting())));
  }

  private static Optional<Verdict> rolling(Situation s) {
    if (s.plan().current().proven()) {
      return Optional.empty();
    }
    if (s.plan().cause().isPresent()) {
      Cause cause = s.plan().cause().get();
      boolean alone = s.plan().lastGood().isEmpty();
      return Optional.of(
          no(
              cause.reason(),
              cause.message()
                  + (alone
                      ? " (there is no earlier good revision; it keeps trying)"
                      : serving(s) + RollbackSentences.impossible(s).orElse(""))
                  + (s.server().rollout().paused()
                      ? " (spec.rollout.paused is true: nothing is rolled back)"
                      : "")));
    }
    if (s.outage().isPresent()) {
      return s.outage().map(r -> no(r.reason(), r.message()));
    }
    if (s.desired() == 0) {
      return Optional.of(
          no(Reason.SCALED_TO_ZERO, "No pod is wanted, so nothing is proven: raise spec.replicas"));
    }
    if (s.server().rollout().paused()) {
      return Optional.of(
          no(Reason.ROLLOUT_PAUSED, "The rollout is held: set spec.rollout.paused to false"));
    }
    RolloutState rollout = s.rollout();
    return Optional.of(
        no(
            Reason.ROLLING_OUT,
            "%s is rolling out: %d of %d pods are of it; %d pods answer"
                    .formatted(
                        name(s),
                        rollout.active() ? rollout.updated() : 0,
                        s.desired(),
                        rollout.available())
                + s.preflight().map(preflight -> ". " + preflight.sentence()).orElse("")));
  }

  /** What a person on call wants to know first. */
  private static String serving(Situation s) {
    return s.rollout().available() == 0
        ? ""
        : s.plan()
            .lastGood()
            .map(good -> " (revision %s goes on serving)".formatted(good.title()))
            .orElse("");
  }

  private static Optional<Verdict> digestsDiffer(Situation s) {
    List<String> digests = s.observed().digests(s.plan().current().hash());
    return digests.size() < 2
        ? Optional.empty()
        : Optional.of(
            no(
                Reason.DIGEST_MISMATCH,
                "Pods of revision %s loaded different files (sha256 %s): the source changed while they started; set spec.model.sha256"
                    .formatted(s.plan().current().hash(), String.join(", ", digests))));
  }

  private static Optional<Verdict> scaledToZero(Situation s) {
    return s.desired() == 0
        ? Optional.of(no(Reason.SCALED_TO_ZERO, "No pod is wanted: raise spec.replicas"))
        : Optional.empty();
  }

  private static Optional<Verdict> tooFew(Situation s) {
    RolloutState rollout = s.rollout();
    if (rollout.available() >= s.minimum() || growing(s)) {
      return Optional.empty();
    }
    String why = s.plan().cause().map(c -> ": " + c.message()).orElse("");
    return Optional.of(
        no(
            s.plan().cause().map(Cause::reason).orElse(Reason.PODS_UNAVAILABLE.word()),
            "%d of %d pods are available, at least %d are needed%s"
                .formatted(rollout.available(), s.desired(), s.minimum(), why)));
  }

  /** Scaling up does not make a ready ModelServer unready: it lost no pod and nothing is wrong. */
  private static boolean growing(Situation s) {
    boolean wasReady =
        s.previous()
            .flatMap(p -> Conditions.find(Conditions.of(p), ConditionType.READY))
            .map(c -> c.status().equals("True"))
            .orElse(false);
    int before = s.previous().map(ModelServerStatus::readyReplicas).orElse(0);
    return wasReady
        && s.plan().cause().isEmpty()
        && s.rollout().available() > 0
        && s.rollout().ready() >= before;
  }

  private static String name(Situation s) {
    return "Revision " + s.plan().current().hash();
  }

  private static Verdict no(Reason reason, String message) {
    return no(reason.word(), message);
  }

  private static Verdict no(String reason, String message) {
    return Verdict.no(ConditionType.READY, reason, message);
  }
}
