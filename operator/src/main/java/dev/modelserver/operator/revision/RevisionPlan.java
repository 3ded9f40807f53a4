package dev.modelserver.operator.revision;

import dev.modelserver.operator.observe.Cause;
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
 * @param kept every revision to keep, as it shall be stored
 * @param dropped hashes of revisions beyond the history limit
 * @param cause why the current revision is not running well, if something says so
 */
public record RevisionPlan(
    Revision current,
    Revision target,
    Optional<Revision> lastGood,
    List<Revision> kept,
    List<String> dropped,
    Optional<Cause> cause) {

  /** Whether the Deployment runs another revision than the spec asks for. */
  public boolean rolledBack() {
    return !current.hash().equals(target.hash());
  }
}
