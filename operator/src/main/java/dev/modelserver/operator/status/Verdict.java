package dev.modelserver.operator.status;

import dev.modelserver.operator.names.Reason;

/**
 * What a condition says, before it is compared with what it said.
 *
 * @param type type of the condition
 * @param status True, False or Unknown
 * @param reason word of a reason: one of ours, or of an autoscaler or a report of preflight
 * @param message a sentence
 */
record Verdict(String type, String status, String reason, String message) {
  static Verdict yes(String type, Reason reason, String message) {
    return yes(type, reason.word(), message);
  }

  static Verdict no(String type, Reason reason, String message) {
    return no(type, reason.word(), message);
  }

  static Verdict yes(String type, String reason, String message) {
    return new Verdict(type, "True", reason, message);
  }

  static Verdict no(String type, String reason, String message) {
    return new Verdict(type, "False", reason, message);
  }

  /** The same with another sentence at the end. */
  Verdict adding(String sentence) {
    return new Verdict(type, status, reason, message + ". " + sentence);
  }

  static Verdict unknown(String type, Reason reason, String message) {
    return new Verdict(type, "Unknown", reason.word(), message);
  }
}
