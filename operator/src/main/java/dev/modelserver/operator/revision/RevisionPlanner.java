package dev.modelserver.operator.revision;

import dev.modelserver.operator.observe.Cause;
import dev.modelserver.operator.observe.Diagnosis;
import dev.modelserver.operator.observe.Observed;
import dev.modelserver.operator.observe.RolloutState;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
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
    Revision current = learn(activate(hash, history, rendering), observed, rollout);
    Optional<Revision> fallback = lastProven(history, hash);
    Optional<Cause> cause = Diagnosis.of(observed, hash, rollout);
    boolean late =
        rollout.deadlineExceeded()
            || (rollout.active() && observed.overdue(hash, server.rollout().progressDeadline()));
    current = judge(current, fallback, cause, server, late);
    Revision target = current.rolledBack().isPresent() ? fallback.orElse(current) : current;
    Optional<Revision> lastGood =
        current.provenAt() > 0 && current.proven() ? Optional.of(current) : fallback;
    List<Revision> all = merge(history, current);
    Set<String> needed = new HashSet<>(List.of(hash, target.hash()));
    lastGood.ifPresent(r -> needed.add(r.hash()));
    List<Revision> kept = keep(all, needed, server.rollout().historyLimit());
    List<String> dropped = all.stream().filter(r -> !kept.contains(r)).map(Revision::hash).toList();
    return new RevisionPlan(current, target, lastGood, kept, dropped, cause);
  }

  /** The stored revision of this hash, moved to the end of the history; or a new one. */
  private static Revision activate(
      String hash, List<Revision> history, Supplier<Rendered> rendering) {
    long newest = history.stream().mapToLong(Revision::number).max().orElse(0);
    Optional<Revision> stored = history.stream().filter(r -> r.hash().equals(hash)).findFirst();
    if (stored.isEmpty()) {
      return Revision.rendered(hash, newest + 1, rendering.get());
    }
    Revision revision = stored.get();
    // Coming back to an older revision is a change: an earlier failure does not count against it.
    return revision.number() == newest
        ? revision
        : revision.at(newest + 1).marked(Optional.empty());
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
      Optional<Cause> cause,
      ResolvedModelServer server,
      boolean late) {
    if (current.rolledBack().isPresent()) {
      boolean retry = !current.rolledBack().get().retryToken().equals(server.retryToken());
      return retry || fallback.isEmpty() ? current.marked(Optional.empty()) : current;
    }
    if (current.proven() || fallback.isEmpty() || !server.rollout().autoRollback()) {
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

  private static Optional<Revision> lastProven(List<Revision> history, String except) {
    return history.stream()
        .filter(r -> r.provenAt() > 0 && !r.hash().equals(except))
        .max(Comparator.comparingLong(Revision::provenAt));
  }

  private static List<Revision> merge(List<Revision> history, Revision current) {
    List<Revision> all = new ArrayList<>();
    for (Revision revision : history) {
      if (!revision.hash().equals(current.hash())) {
        // A mark on a revision that the spec has left is history: nothing obeys it any more.
        all.add(revision.marked(Optional.empty()));
      }
    }
    all.add(current);
    return all;
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
