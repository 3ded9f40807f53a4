package dev.modelserver.operator.revision;

import dev.modelserver.operator.diagnosis.Cause;
import dev.modelserver.operator.diagnosis.Diagnosis;
import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.RolloutState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Decides over revisions; pure. Everything it remembers is in the history it is given, so a crash
 * between any two writes loses nothing and decides nothing twice.
 */
public final class RevisionPlanner {
  private RevisionPlanner() {}

  /**
   * Plans the next step.
   *
   * @param server the resolved spec
   * @param history every stored revision, read from the API server rather than a cache
   * @param observed the cluster as it was seen
   * @param rendering renders the spec; asked only when its hash is new
   */
  public static RevisionPlan plan(
      ResolvedModelServer server,
      List<Revision> history,
      Observed observed,
      Supplier<Rendered> rendering) {
    String hash = server.workload().hash();
    RolloutState rollout = RolloutState.of(observed.deployment(), hash);
    Optional<Revision> proven = lastProven(history, hash);
    Optional<Baseline> baseline =
        server.rollout().comparesSignatures() ? proven.flatMap(Baseline::of) : Optional.empty();
    // Never to pods without the TLS or the tokens that the spec asks for, on our own.
    Optional<Revision> fallback =
        proven.filter(r -> r.access().missing(server.workload().access()).isEmpty());
    Revision current = learn(activate(hash, history, rendering, baseline), observed, rollout);
    Optional<Cause> cause = Diagnosis.of(observed, hash, rollout);
    boolean late =
        rollout.deadlineExceeded()
            || (rollout.active() && observed.overdue(hash, server.rollout().progressDeadline()));
    String wish = server.rollbackTo();
    Optional<String> problem = ManualRollbacks.problem(current, wish, history);
    current = ManualRollbacks.account(current, wish, history);
    Optional<Revision> wanted = ManualRollbacks.target(current, history);
    if (!current.takenBack()) {
      current = judge(current, fallback, baseline, cause, server, late);
    }
    current = remember(current, observed);
    boolean away = current.takenBack() || current.rolledBack().isPresent();
    Revision target = away ? wanted.or(() -> fallback).orElse(current) : current;
    Optional<Revision> lastGood =
        current.provenAt() > 0 && current.proven() && !away
            ? Optional.of(current)
            : wanted.or(() -> proven);
    List<Revision> all = replace(replace(history, current), target);
    Set<String> needed = needed(observed, hash, target.hash());
    lastGood.ifPresent(r -> needed.add(r.hash()));
    List<Revision> kept = keep(all, needed, server.rollout().historyLimit());
    List<Revision> asked = asked(all, observed, target.hash());
    return new RevisionPlan(
        current,
        target,
        lastGood,
        kept,
        cause,
        problem,
        Encryption.of(asked.stream().map(Revision::access).toList()),
        Roots.of(server.exposure().root(), asked, observed.outside()));
  }

  /** Of the pods that there are, that will be, and that may still be asked while they end. */
  private static List<Revision> asked(List<Revision> all, Observed observed, String target) {
    Set<String> asked = needed(observed, target);
    observed.leaving().stream()
        .map(pod -> pod.getMetadata().getLabels().get(Labels.REVISION))
        .filter(Objects::nonNull)
        .forEach(asked::add);
    return all.stream().filter(r -> asked.contains(r.hash())).toList();
  }

  /** The revision that was last proven good, whatever the spec asks for. */
  public static Optional<Revision> lastGood(List<Revision> history) {
    return lastProven(history, "");
  }

  /** The stored revision of this hash, moved to the end of the history; or a new one. */
  private static Revision activate(
      String hash,
      List<Revision> history,
      Supplier<Rendered> rendering,
      Optional<Baseline> baseline) {
    Optional<Revision> last = history.stream().max(Comparator.comparingLong(Revision::number));
    long newest = last.map(Revision::number).orElse(0L);
    // A wish about the revision before is over with it; its annotation may still be there.
    Optional<ManualRollback> over = last.flatMap(Revision::manual).map(ManualRollback::over);
    Optional<Revision> stored = history.stream().filter(r -> r.hash().equals(hash)).findFirst();
    if (stored.isEmpty()) {
      return Revision.rendered(hash, newest + 1, rendering.get().onto(baseline)).wished(over);
    }
    Revision revision = stored.get();
    // Coming back to an older revision is a change: an earlier failure does not count against it.
    return revision.number() == newest
        ? revision
        : anew(revision, baseline).at(newest + 1).marked(Optional.empty()).wished(over);
  }

  /**
   * Another attempt of a revision that was never good is compared with what clients rely on now.
   * One that was good served them before, and its pods may still: it keeps what it was made with.
   */
  private static Revision anew(Revision revision, Optional<Baseline> baseline) {
    return revision.provenAt() > 0 ? revision : revision.rebased(baseline);
  }

  /** Records what the cluster proves: a successful preflight, a complete rollout. */
  private static Revision learn(Revision revision, Observed observed, RolloutState rollout) {
    Revision learned = revision;
    if (learned.report().isEmpty()) {
      learned =
          observed.successfulPreflight(revision.hash()).map(learned::reported).orElse(learned);
    }
    boolean good = rollout.complete() && learned.report().isPresent() && rollout.desired() > 0;
    return good && !learned.proven() ? learned.provenNow() : learned;
  }

  private static Revision judge(
      Revision current,
      Optional<Revision> fallback,
      Optional<Baseline> baseline,
      Optional<Cause> cause,
      ResolvedModelServer server,
      boolean late) {
    // Only for a revision that was refused: what runs never depends on the permission.
    boolean permitted =
        !server.rollout().comparesSignatures()
            && current.baseline().isPresent()
            && current
                .rolledBack()
                .map(RolledBack::reason)
                .or(() -> cause.map(Cause::reason))
                .filter(Reason.BREAKING_SIGNATURE::is)
                .isPresent();
    if (permitted) {
      return current.marked(Optional.empty()).rebased(Optional.empty());
    }
    if (current.rolledBack().isPresent()) {
      boolean retry = !current.rolledBack().get().retryToken().equals(server.retryToken());
      return retry || fallback.isEmpty()
          ? anew(current.marked(Optional.empty()), baseline)
          : current;
    }
    if (current.proven() || fallback.isEmpty() || !server.rollout().rollsBack()) {
      return current;
    }
    if (server.rollout().paused()) {
      // The Deployment would not go back either: a paused rollout is a person's to decide.
      return current;
    }
    boolean failed = cause.isPresent() && (cause.get().isFinal() || late);
    return failed
        ? current.marked(
            Optional.of(
                new RolledBack(
                    fallback.get().hash(),
                    cause.get().reason(),
                    cause.get().message(),
                    server.retryToken())))
        : current;
  }

  /** A pod that is ended for a rollback says how far it was, and then it is gone. */
  private static Revision remember(Revision current, Observed observed) {
    return current
        .rolledBack()
        .flatMap(mark -> observed.interruptedDownload(current.hash()).map(mark::telling))
        .map(mark -> current.marked(Optional.of(mark)))
        .orElse(current);
  }

  private static Optional<Revision> lastProven(List<Revision> history, String except) {
    return history.stream()
        .filter(r -> r.provenAt() > 0 && !r.hash().equals(except) && !r.takenBack())
        .max(Comparator.comparingLong(Revision::provenAt));
  }

  private static List<Revision> replace(List<Revision> history, Revision revision) {
    List<Revision> all = new ArrayList<>(history);
    all.removeIf(r -> r.hash().equals(revision.hash()));
    all.add(revision);
    return all;
  }

  /** What must stay whatever the limit: pods that run have their configuration from it. */
  private static Set<String> needed(Observed observed, String... hashes) {
    Set<String> needed = new HashSet<>(List.of(hashes));
    needed.addAll(observed.revisions());
    return needed;
  }

  private static List<Revision> keep(List<Revision> all, Set<String> needed, int limit) {
    List<Revision> newestFirst =
        all.stream().sorted(Comparator.comparingLong(Revision::number).reversed()).toList();
    List<Revision> kept = new ArrayList<>();
    for (Revision revision : newestFirst) {
      // The limit counts old revisions, as a Deployment's does: the current one comes on top.
      if (needed.contains(revision.hash()) || kept.size() <= limit) {
        kept.add(revision);
      }
    }
    return List.copyOf(kept);
  }
}
