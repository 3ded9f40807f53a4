package dev.modelserver.operator.revision;

import dev.modelserver.operator.diagnosis.Cause;
import java.util.List;
import java.util.Optional;

/**
 * Which revision the spec asks for, which one the Deployment shall run, and what the history
 * becomes.
 *
 * @param current the revision that the spec asks for
 * @param target the revision whose template is applied: the current one, or the last good after a
 *     rollback
 * @param lastGood the revision that was last proven good, which may be the current one
 * @param kept every revision to keep, as it shall be stored; others are beyond the history limit
 * @param cause why the current revision is not running well, if something says so
 * @param problem why a wish to roll back by hand cannot be obeyed, if it cannot
 * @param encryption what clients may and must do that reach any pod
 * @param roots where an Ingress or a route leads from that names no path: / or a prefix; several
 *     while pods differ
 */
public record RevisionPlan(
    Revision current,
    Revision target,
    Optional<Revision> lastGood,
    List<Revision> kept,
    Optional<Cause> cause,
    Optional<String> problem,
    Encryption encryption,
    List<String> roots) {

  /** Whether the Deployment runs another revision than the spec asks for. */
  public boolean rolledBack() {
    return !current.hash().equals(target.hash());
  }

  /** Whether it does so because a person wants it. */
  public boolean byHand() {
    return rolledBack() && current.takenBack();
  }
}
