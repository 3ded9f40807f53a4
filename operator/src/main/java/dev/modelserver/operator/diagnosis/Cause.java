package dev.modelserver.operator.diagnosis;

import dev.modelserver.operator.names.Reason;

/**
 * Why a revision does not run well.
 *
 * @param reason word of a {@link Reason}, or what an image of the user's own reports
 * @param message sentence that names object, cause and remedy, with the original words
 * @param isFinal whether trying again cannot help
 */
public record Cause(String reason, String message, boolean isFinal) {
  static Cause transientCause(Reason reason, String message) {
    return new Cause(reason.word(), message, false);
  }

  /** A cause of this reason, final where the reason is. */
  public static Cause of(Reason reason, String message) {
    return new Cause(reason.word(), message, reason.isFinal());
  }

  /** Whether it passes without anybody doing anything. */
  public boolean passing() {
    return Reason.of(reason).filter(Reason::passing).isPresent();
  }
}
