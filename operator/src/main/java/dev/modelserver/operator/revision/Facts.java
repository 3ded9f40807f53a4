package dev.modelserver.operator.revision;

import dev.modelserver.operator.snapshot.PreflightReport;
import java.util.Optional;

/**
 * What was learned of a revision since it was rendered.
 *
 * @param provenAt the number it had when it was last seen completely rolled out, or of the revision
 *     that a person took back for it; 0: never
 * @param rolledBack the mark of its failure, if it failed
 * @param manual a person's wish to run another in its place, if there was one
 * @param baseline the baseline of a later attempt, where it is not the one it was rendered with;
 *     empty text: none
 * @param pinned the digest that its model must have, once one was learned and none was named
 * @param report what its preflight reported, if it succeeded once
 */
record Facts(
    long provenAt,
    Optional<RolledBack> rolledBack,
    Optional<ManualRollback> manual,
    Optional<String> baseline,
    Optional<String> pinned,
    Optional<PreflightReport> report) {
  static final Facts NONE = only(Optional.empty());

  /** Of a revision of which only the digest is known. */
  static Facts only(Optional<String> pinned) {
    return new Facts(
        0, Optional.empty(), Optional.empty(), Optional.empty(), pinned, Optional.empty());
  }

  Facts provenAt(long number) {
    return new Facts(number, rolledBack, manual, baseline, pinned, report);
  }

  Facts marked(Optional<RolledBack> mark) {
    return new Facts(provenAt, mark, manual, baseline, pinned, report);
  }

  Facts wished(Optional<ManualRollback> wish) {
    return new Facts(provenAt, rolledBack, wish, baseline, pinned, report);
  }

  Facts rebased(Optional<String> newBaseline) {
    return new Facts(provenAt, rolledBack, manual, newBaseline, pinned, report);
  }

  Facts reported(PreflightReport newReport) {
    return new Facts(provenAt, rolledBack, manual, baseline, pinned, Optional.of(newReport));
  }
}
