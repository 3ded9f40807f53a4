package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.Reason;
import java.time.Duration;
import java.util.Optional;

/** A failure of a download that a later attempt may not have. */
final class TransientFailure extends Exception {

  private final Reason reason;
  private final boolean progressed;
  private final Optional<Duration> retryAfter;

  TransientFailure(Reason reason, String sentence) {
    this(reason, sentence, false, Optional.empty());
  }

  private TransientFailure(
      Reason reason, String sentence, boolean progressed, Optional<Duration> retryAfter) {
    super(sentence);
    this.reason = reason;
    this.progressed = progressed;
    this.retryAfter = retryAfter;
  }

  /**
   * The same failure of an attempt that brought more of the file than all before it, and left it
   * for the next.
   */
  TransientFailure afterProgress() {
    return new TransientFailure(reason, sentence(), true, retryAfter);
  }

  /** The same failure with the pause that the server asks for. */
  TransientFailure retryAfter(Optional<Duration> pause) {
    return new TransientFailure(reason, sentence(), progressed, pause);
  }

  Reason reason() {
    return reason;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }

  /** Whether the attempt brought more of the file than all before it. */
  boolean progressed() {
    return progressed;
  }

  /** How long the server wants no request; empty where it does not say. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
