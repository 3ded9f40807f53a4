package dev.modelserver.server.http;

import dev.modelserver.server.text.ForeignText;
import dev.modelserver.server.tracing.RequestSpan;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Logs the failures that are the server's and not the caller's, each with the id of its request. Of
 * each type so many lines in a second at most: an overload must not become one of the log.
 */
@Singleton
public final class FailureLog {

  static final int LINES_PER_SECOND = 10;

  /** The field below {@code mdc} that holds the id where lines are JSON. */
  private static final String FIELD = "request_id";

  /** The field that holds the name of the client. */
  private static final String CLIENT = "client";

  private static final Logger LOG = Logger.getLogger(FailureLog.class);

  private final LongSupplier nanos;
  private final Map<String, Window> windows = new ConcurrentHashMap<>();

  FailureLog() {
    this(System::nanoTime);
  }

  FailureLog(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Whether the failure is one of the server's, or refuses what made it crash. */
  public static boolean concerns(FailureAnswer answer) {
    return answer.status() >= 500 || answer.type().equals(FailureAnswer.CRASHING_INPUT);
  }

  /**
   * The further fields of a line.
   *
   * @param client who sent the request; null where nobody is asked
   */
  public static Map<String, String> fields(@Nullable RequestSpan span, @Nullable String client) {
    Map<String, String> fields = new HashMap<>(span == null ? Map.of() : span.logFields());
    if (client != null) {
      fields.put(CLIENT, client);
    }
    return fields;
  }

  /**
   * Logs one failure, or counts it for the next line of its type.
   *
   * @param more further fields of the line where lines are JSON
   */
  public void log(
      FailureAnswer answer, String requestId, Throwable thrown, Map<String, String> more) {
    long unlogged =
        windows
            .computeIfAbsent(answer.type(), type -> new Window())
            .admit(TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong()));
    if (unlogged < 0) {
      return;
    }
    String line =
        "request %s failed: %s: %s"
                .formatted(requestId, answer.type(), ForeignText.logged(answer.message()))
            + (unlogged == 0 ? "" : " (and " + unlogged + " before it that were not logged)");
    MDC.put(FIELD, requestId);
    more.forEach(MDC::put);
    try {
      if (answer.type().equals("internal")) {
        LOG.error(line, thrown);
      } else if (answer.status() == 500) {
        LOG.error(line);
      } else {
        LOG.warn(line);
      }
    } finally {
      MDC.remove(FIELD);
      more.keySet().forEach(MDC::remove);
    }
  }

  /** The lines of one type in one second. */
  private static final class Window {
    private long second = Long.MIN_VALUE;
    private int lines;
    private long unlogged;

    /** How many went unlogged since the last line; negative when this one must not be logged. */
    synchronized long admit(long now) {
      if (now != second) {
        second = now;
        lines = 0;
      }
      if (lines == LINES_PER_SECOND) {
        unlogged++;
        return -1;
      }
      lines++;
      long before = unlogged;
      unlogged = 0;
      return before;
    }
  }
}
