package dev.modelserver.e2e.load;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What became of all calls of a load.
 *
 * @param byConnections calls sent, by kind of connection
 * @param byDigest answers with status 200, by their {@code X-Model-Digest}
 * @param latencies of the answered calls, from the moment a call was due, sorted
 */
public record LoadResult(
    int sent,
    List<Failure> failures,
    Map<Connections, Integer> byConnections,
    Map<String, Integer> byDigest,
    List<Duration> latencies) {

  /**
   * A call that failed.
   *
   * @param after time from the first call to the moment this one was due
   * @param text why, in the words of the error
   */
  public record Failure(Duration after, Instant due, Connections connections, String text) {}

  /** One call; {@code failure} is null for a right answer with status 200. */
  record Call(
      Instant due,
      Connections connections,
      Duration latency,
      @Nullable String digest,
      @Nullable String failure) {}

  static LoadResult of(List<Call> calls) {
    Instant start =
        calls.stream().map(Call::due).min(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    List<Failure> failures =
        calls.stream()
            .sorted(Comparator.comparing(Call::due))
            .flatMap(call -> failure(call, start))
            .toList();
    Map<Connections, Integer> byConnections = new EnumMap<>(Connections.class);
    Map<String, Integer> byDigest = new TreeMap<>();
    for (Call call : calls) {
      byConnections.merge(call.connections(), 1, Integer::sum);
      if (call.digest() != null) {
        byDigest.merge(call.digest(), 1, Integer::sum);
      }
    }
    List<Duration> latencies =
        calls.stream().filter(call -> call.failure() == null).map(Call::latency).sorted().toList();
    return new LoadResult(calls.size(), failures, byConnections, byDigest, latencies);
  }

  private static Stream<Failure> failure(Call call, Instant start) {
    return call.failure() == null
        ? Stream.empty()
        : Stream.of(
            new Failure(
                Duration.between(start, call.due()),
                call.due(),
                call.connections(),
                call.failure()));
  }

  /** Calls that got the right answer. */
  public int succeeded() {
    return sent - failures.size();
  }

  /**
   * The latency that a share of the answered calls did not exceed; zero when there was no answer.
   */
  public Duration latency(double share) {
    return latencies.isEmpty()
        ? Duration.ZERO
        : latencies.get(
            (int) Math.min(latencies.size() - 1L, Math.round(latencies.size() * share)));
  }

  @Override
  public String toString() {
    String digests =
        byDigest.entrySet().stream()
            .map(
                entry ->
                    entry.getKey().replaceFirst("(sha256:.{8}).*", "$1") + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    String text =
        String.format(
            Locale.ROOT,
            "sent %d %s, succeeded %d, failed %d; answers by digest: %s; p50 %d ms, p99 %d ms, max %d ms",
            sent,
            byConnections,
            succeeded(),
            failures.size(),
            digests,
            latency(0.5).toMillis(),
            latency(0.99).toMillis(),
            latency(1).toMillis());
    return failures.isEmpty()
        ? text
        : text
            + failures.stream()
                .limit(20)
                .map(failure -> "\n  failed: " + failure)
                .collect(Collectors.joining());
  }
}
