package dev.modelserver.operator.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Informers that were ended, and how long ago. One that cannot reach the API server goes on trying
 * and is none of them; one that was ended sees nothing any more, and only a new start helps.
 */
final class StoppedInformers {
  /** A start of the operator may end informers and make new ones. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Supplier<Set<String>> stopped;
  private final Clock clock;
  private final Map<String, Instant> since = new HashMap<>();

  /**
   * A look at the informers.
   *
   * @param stopped names those that are stopped now
   */
  StoppedInformers(Supplier<Set<String>> stopped, Clock clock) {
    this.stopped = stopped;
    this.clock = clock;
  }

  /** How many are stopped now. */
  int count() {
    return stopped.get().size();
  }

  /** Those that were found stopped for longer than a minute, by name. */
  synchronized List<String> forLong() {
    Set<String> now = stopped.get();
    since.keySet().retainAll(now);
    now.forEach(name -> since.putIfAbsent(name, clock.instant()));
    Instant limit = clock.instant().minus(PATIENCE);
    return since.entrySet().stream()
        .filter(informer -> !informer.getValue().isAfter(limit))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
