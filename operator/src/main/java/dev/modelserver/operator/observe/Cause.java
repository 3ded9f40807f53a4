package dev.modelserver.operator.observe;

/**
 * Why a revision does not run well.
 *
 * @param reason stable reason in CamelCase
 * @param message sentence that names object, cause and remedy, with the original words
 * @param isFinal whether trying again cannot help
 */
public record Cause(String reason, String message, boolean isFinal) {
  static Cause transientCause(String reason, String message) {
    return new Cause(reason, message, false);
  }
}
