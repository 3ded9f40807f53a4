package dev.modelserver.server.fetch;

import java.time.Duration;

/**
 * Limits of a download's time.
 *
 * @param retrying how long to try until the first byte comes
 * @param stalled how long a body may pause
 * @param whole how long everything may take
 */
public record Limits(Duration retrying, Duration stalled, Duration whole) {
  /**
   * Eight seconds, so that a status can tell within ten what is wrong; half an hour for the slowest
   * store.
   */
  public static final Limits DEFAULT =
      new Limits(Duration.ofSeconds(8), Duration.ofSeconds(8), Duration.ofMinutes(30));
}
