package dev.modelserver.server.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which axes of a model's inputs may have the size 0. A kernel may end the process over an empty
 * tensor, so only what preflight has run in a process of its own is let through.
 *
 * @param combinations each a set of axes that were empty at once, all others not
 */
public record EmptyAxes(Set<Set<InputAxis>> combinations) {

  /** An axis of an input, counted from 0. */
  public record InputAxis(String input, int axis) {}

  /** No input may be empty. */
  public static final EmptyAxes NONE = new EmptyAxes(Set.of());

  public EmptyAxes {
    combinations = combinations.stream().map(Set::copyOf).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether inputs may be empty along just these axes. */
  public boolean allow(Set<InputAxis> empty) {
    return empty.isEmpty() || combinations.contains(empty);
  }

  /** Writes the combinations as an array of arrays of objects. */
  public void write(JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (Set<InputAxis> combination : combinations) {
      json.writeStartArray();
      for (InputAxis axis : combination) {
        json.writeStartObject();
        json.writeStringField("input", axis.input());
        json.writeNumberField("axis", axis.axis());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /** Reads what {@link #write} wrote; what is something else reads as nothing. */
  public static EmptyAxes read(JsonNode list) {
    Set<Set<InputAxis>> combinations = new HashSet<>();
    for (JsonNode combination : list) {
      Set<InputAxis> axes = new HashSet<>();
      combination.forEach(
          axis -> axes.add(new InputAxis(axis.path("input").asText(), axis.path("axis").asInt())));
      combinations.add(axes);
    }
    return new EmptyAxes(combinations);
  }
}
