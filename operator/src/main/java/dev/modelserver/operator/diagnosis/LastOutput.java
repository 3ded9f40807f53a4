package dev.modelserver.operator.diagnosis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.operator.snapshot.ForeignText;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The end of a container's log, which the kubelet keeps as its message where the container left
 * none: of a JVM that cannot start it is all there is.
 */
final class LastOutput {
  private static final int LINES = 3;
  private static final int LONGEST = 600;
  private static final ObjectMapper JSON = new ObjectMapper();

  private LastOutput() {}

  /** Its last lines on one, without the places of a stack trace; empty where there are none. */
  static String of(String log) {
    List<String> lines =
        log.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !isPlace(line))
            .map(LastOutput::message)
            .toList();
    return ForeignText.shown(
        lines.subList(Math.max(0, lines.size() - LINES), lines.size()).stream()
            .collect(Collectors.joining(" | ")),
        LONGEST);
  }

  private static boolean isPlace(String line) {
    return line.startsWith("at ") || line.startsWith("... ");
  }

  /** A line of the server's log is a JSON object. */
  private static String message(String line) {
    if (!line.startsWith("{")) {
      return line;
    }
    try {
      JsonNode message = JSON.readTree(line).path("message");
      return message.isTextual() ? message.asText() : line;
    } catch (JsonProcessingException e) {
      return line;
    }
  }
}
