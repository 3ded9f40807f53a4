package dev.modelserver.operator.revision;

import dev.modelserver.operator.resolve.Access;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.RolloutState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What runs beside a spec that cannot be rendered; pure.
 *
 * @param revision the last good revision; empty: none was ever good, or it may not run
 * @param problem why it may not
 */
public record Standby(Optional<Revision> revision, Optional<String> problem) {
  /**
   * The last good revision, unless pods would come to lack the TLS or the tokens that are asked
   * for. Where the Deployment carries it already, it goes on.
   *
   * @param wanted TLS and tokens of the spec; empty: they cannot be read, and are taken to be those
   *     of the newest revision
   */
  public static Standby of(Optional<Access> wanted, List<Revision> history, Observed observed) {
    Optional<Revision> good = RevisionPlanner.lastGood(history);
    Optional<String> running =
        observed.deployment().flatMap(d -> RolloutState.revisionOf(d.getSpec()));
    if (good.isEmpty() || running.filter(good.get().hash()::equals).isPresent()) {
      return new Standby(good, Optional.empty());
    }
    Access asked =
        wanted
            .or(
                () ->
                    history.stream()
                        .max(Comparator.comparingLong(Revision::number))
                        .map(Revision::access))
            .orElse(Access.OPEN);
    List<String> missing = good.get().access().missing(asked);
    return missing.isEmpty()
        ? new Standby(good, Optional.empty())
        : new Standby(
            Optional.empty(),
            Optional.of(
                "revision %s does not run in place of it, because %s"
                    .formatted(good.get().title(), String.join("; ", missing))));
  }
}
