package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.load.LoadResult;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** What became of each bad spec, as a Markdown table. */
final class BadModelTable {
  private static final int LONGEST_MESSAGE = 240;

  /**
   * One bad spec.
   *
   * @param reason as the status, or the API server, has it
   * @param message of the status, or of the API server
   * @param untilStatus from the first sign of the cause in the cluster to a status that names it
   * @param end what the operator did, for example rolled back after so many seconds
   * @param restored what it took to be as before, the old spec restored
   * @param replaced what it took another good spec to be Ready, straight from the bad one
   */
  record Row(
      String name,
      String reason,
      String message,
      Duration untilStatus,
      String end,
      String restored,
      String replaced) {
    Line withCalls(LoadResult calls) {
      return new Line(this, calls.sent(), calls.failures().size());
    }
  }

  /** A row with the calls made from before the bad spec to the end. */
  record Line(Row row, int sent, int failed) {
    @Override
    public String toString() {
      return "| %s | `%s` | %s | %s | %d / %d | %s | %s | %s |"
          .formatted(
              row.name(),
              row.reason(),
              clipped(row.message()).replace("|", "\\|").replaceAll("\\s+", " "),
              seconds(row.untilStatus()),
              failed,
              sent,
              row.end(),
              row.restored(),
              row.replaced());
    }
  }

  private final Queue<Line> lines = new ConcurrentLinkedQueue<>();

  void add(Line line) {
    lines.add(line);
  }

  void record() {
    Evidence.record(
        "bad-models.md",
        "Bad specs: %d, calls failed: %d"
            .formatted(lines.size(), lines.stream().mapToInt(Line::failed).sum()),
        """
        | bad spec | reason | message | s to status | calls failed / sent | what the operator did | old spec restored | another good spec |
        |---|---|---|---|---|---|---|---|
        """
            + lines.stream()
                .sorted(Comparator.comparing(line -> line.row().name()))
                .map(Line::toString)
                .collect(Collectors.joining("\n")));
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
  }

  private static String clipped(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE / 2)
            + " … "
            + message.substring(message.length() - LONGEST_MESSAGE / 2);
  }
}
