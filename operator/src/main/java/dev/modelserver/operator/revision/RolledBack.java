package dev.modelserver.operator.revision;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * The mark of a revision that failed and was replaced.
 *
 * @param to hash of the revision that took its place
 * @param reason reason of the failure
 * @param message sentence of the failure, with the original words
 * @param retryToken value of the annotation modelserver.dev/retry at that time; another one tries
 *     again
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RolledBack(String to, String reason, String message, String retryToken) {

  private static final String LAST_REPORT = ". Preflight's last report: ";

  /** The same with what a preflight of it said last, where none is told yet. */
  RolledBack telling(String words) {
    return message.contains(LAST_REPORT)
        ? this
        : new RolledBack(to, reason, message + LAST_REPORT + words, retryToken);
  }
}
