package dev.modelserver.operator.resolve;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Kubernetes writes them: 500us, 20ms, 30s, 1m30s, 2h. */
final class Durations {
  private static final Pattern PART = Pattern.compile("([0-9]{1,6})(us|ms|s|m|h)");

  private Durations() {}

  /**
   * Parses a duration.
   *
   * @throws IllegalArgumentException naming the field and the value
   */
  static Duration parse(String field, String text) {
    Matcher part = PART.matcher(text);
    Duration total = Duration.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      long number = Long.parseLong(part.group(1));
      total =
          total.plus(
              switch (part.group(2)) {
                case "us" -> Duration.of(number, ChronoUnit.MICROS);
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
              });
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException(
          "%s \"%s\" is not a duration: write for example 30s or 1m30s".formatted(field, text));
    }
    return total;
  }
}
