package dev.modelserver.server.inference;

import java.time.Duration;
import java.util.Optional;

/**
 * How requests share runs of the model, decided once, when it is loaded.
 *
 * @param maxRows most rows in a run that merges requests; 1 where none does
 * @param maxDelay how long a run waits for more rows; zero: it takes what is there
 * @param reason why, in words for people
 * @param evidence what is known about the independence of rows
 */
public record Batching(
    Mode mode, int maxRows, Duration maxDelay, String reason, RowEvidence evidence) {

  /** Where requests meet. */
  public enum Mode {
    /** Nowhere: every request is a run of its own, on a thread of the pool. */
    OFF,
    /** In the queue of the pool: a free thread takes what waits. */
    QUEUE,
    /** On the event loop that read them: what arrived in one turn is one run, at its end. */
    EVENT_LOOP
  }

  /** Where nothing is known about rows. */
  public Batching(Mode mode, int maxRows, Duration maxDelay, String reason) {
    this(mode, maxRows, maxDelay, reason, RowEvidence.of(Optional.empty()));
  }

  /** Every request is a run of its own. */
  public static Batching off(String reason, RowEvidence evidence) {
    return new Batching(Mode.OFF, 1, Duration.ZERO, reason, evidence);
  }
}
