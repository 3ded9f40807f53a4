package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.Reason;

/** A failure of a download that a later attempt may not have. */
final class TransientFailure extends Exception {

  private final Reason reason;

  TransientFailure(Reason reason, String sentence) {
    super(sentence);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
