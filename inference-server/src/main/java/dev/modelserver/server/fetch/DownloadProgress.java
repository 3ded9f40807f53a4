package dev.modelserver.server.fetch;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far a download is: a line in the log every few seconds while it runs, and a sentence for the
 * report when preflight is terminated first. Safe for use by several threads.
 */
final class DownloadProgress {

  /** Between two lines of the log; a download that is shorter writes none. */
  static final Duration INTERVAL = Duration.ofSeconds(10);

  private static final long SECOND = 1_000_000_000;

  private final Consumer<String> log;
  private final LongSupplier nanos;
  private @Nullable String source;
  private long total;
  private long start;
  private long bytes;
  private long lineAt;
  private long lineBytes;

  /** Writes its lines straight to the log of the container. */
  @SuppressWarnings("SystemOut") // preflight has no logging to set up
  DownloadProgress() {
    this(System.err::println, System::nanoTime);
  }

  /**
   * For tests.
   *
   * @param log takes lines
   * @param nanos the time
   */
  DownloadProgress(Consumer<String> log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
  }

  /**
   * A body begins to come.
   *
   * @param size in bytes, negative where it is not announced
   */
  synchronized void begins(URI uri, long size) {
    source = Urls.shown(uri);
    total = size;
    bytes = 0;
    start = nanos.getAsLong();
    lineAt = start;
    lineBytes = 0;
  }

  /** More of it has come. */
  synchronized void add(int more) {
    bytes += more;
    long now = nanos.getAsLong();
    if (source != null && now - lineAt >= INTERVAL.toNanos()) {
      log.accept(
          "downloading %s: %s, %s now"
              .formatted(source, soFar(), rate(bytes - lineBytes, now - lineAt)));
      lineAt = now;
      lineBytes = bytes;
    }
  }

  /** No body comes any more. */
  synchronized void ends() {
    source = null;
  }

  /** How far it is; empty while nothing is downloaded. */
  synchronized Optional<String> sentence() {
    if (source == null) {
      return Optional.empty();
    }
    long passed = nanos.getAsLong() - start;
    return Optional.of(
        "preflight was ended while it downloaded %s: %s in %d s (%s)"
            .formatted(source, soFar(), passed / SECOND, rate(bytes, passed)));
  }

  private String soFar() {
    return total > 0
        ? "%d of %d bytes (%d %%)".formatted(bytes, total, (int) (100.0 * bytes / total))
        : "%d bytes, of a size that the server does not tell".formatted(bytes);
  }

  private static String rate(long bytes, long nanos) {
    return "%d bytes/s".formatted((long) (1.0 * bytes * SECOND / Math.max(1, nanos)));
  }
}
