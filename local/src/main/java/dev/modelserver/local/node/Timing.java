package dev.modelserver.local.node;

import java.time.Duration;

/**
 * How often the node looks, and how long it waits.
 *
 * @param poll between two looks at a probe, a missing volume or a Deployment
 * @param firstBackOff before the first restart of a container; doubles each time, up to 300 s
 */
public record Timing(Duration poll, Duration firstBackOff) {
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(5);

  /** Looks often, because a person waits; restarts as a kubelet does. */
  public static final Timing DEFAULT = new Timing(Duration.ofMillis(200), Duration.ofSeconds(10));

  /** The wait before the next start of a container that was restarted so often. */
  Duration backOff(int restarts) {
    var wait = firstBackOff.multipliedBy(1L << Math.min(restarts, 16));
    return wait.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : wait;
  }
}
