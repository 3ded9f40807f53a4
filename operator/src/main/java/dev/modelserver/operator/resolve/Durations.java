package dev.modelserver.operator.resolve;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the Gateway API writes them (GEP-2257): 500ms, 30s, 1m30s, 2h. */
final class Durations {
  private static final Pattern WHOLE = Pattern.compile("([0-9]{1,5}(h|m|s|ms)){1,4}");
  private static final Pattern PART = Pattern.compile("([0-9]{1,5})(h|ms|m|s)");

  /** Prometheus has each unit once, the larger first. */
  private static final Pattern IN_ORDER =
      Pattern.compile("([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?");

  private Durations() {}

  /**
   * Parses a duration.
   *
   * @throws IllegalArgumentException naming the field and the value
   */
  static Duration parse(String field, String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "%s \"%s\" is not a duration: write for example 500ms, 30s or 1m30s"
              .formatted(field, text));
    }
    Duration total = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      long number = Long.parseLong(part.group(1));
      total =
          total.plus(
              switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
              });
    }
    return total;
  }

  /** As Prometheus writes it: as it is, where that has its order. */
  static String prometheus(String text, Duration duration) {
    if (duration.isZero() || IN_ORDER.matcher(text).matches()) {
      return duration.isZero() ? "0s" : text;
    }
    return "%dh%dm%ds%dms"
        .formatted(
            duration.toHours(),
            duration.toMinutesPart(),
            duration.toSecondsPart(),
            duration.toMillisPart())
        .replaceAll("(?<![0-9])0(h|ms|m|s)", "");
  }
}
