package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.load.LoadResult;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** What became of each bad model, as a Markdown table. */
final class BadModelTable {
  /**
   * One bad model.
   *
   * @param message of the condition RolledBack
   * @param untilCause from the new spec to the first sign of the cause in the cluster
   * @param untilStatus from that to a status that names it
   * @param untilRollback from the new spec to the condition RolledBack
   * @param untilRepaired from the good spec to Ready
   */
  record Row(
      String name,
      String message,
      Duration untilCause,
      Duration untilStatus,
      Duration untilRollback,
      Duration untilRepaired) {
    Line withCalls(LoadResult calls) {
      return new Line(this, calls.sent(), calls.failures().size());
    }
  }

  /** A row with the calls made from the new spec to the end. */
  record Line(Row row, int sent, int failed) {
    @Override
    public String toString() {
      return "| %s | %s | %s | %s | %s | %d / %d | %s |"
          .formatted(
              row.name(),
              row.message().replace("|", "\\|").replace("\n", " "),
              seconds(row.untilCause()),
              seconds(row.untilStatus()),
              seconds(row.untilRollback()),
              failed,
              sent,
              "good spec: Ready after " + seconds(row.untilRepaired()) + " s");
    }
  }

  private final Queue<Line> lines = new ConcurrentLinkedQueue<>();

  void add(Line line) {
    lines.add(line);
  }

  void record() {
    Evidence.record(
        "bad-models.md",
        "Bad models",
        """
        | bad | status says | s to visible cause | s from cause to status | s to rollback | calls failed / sent | recovered |
        |---|---|---|---|---|---|---|
        """
            + lines.stream()
                .sorted(Comparator.comparing(line -> line.row().name()))
                .map(Line::toString)
                .collect(Collectors.joining("\n")));
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
  }
}
