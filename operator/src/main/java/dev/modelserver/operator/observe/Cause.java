package dev.modelserver.operator.observe;

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

  /** Whether this is the reason. */
  public boolean is(Reason other) {
    return other.is(reason);
  }
}
