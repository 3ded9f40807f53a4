package dev.modelserver.e2e.monitoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** A dashboard of Grafana, and all that it asks Prometheus. */
public record Dashboard(String title, List<Query> queries) {
  /** How a variable asks for the values of a label. */
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), ([a-z_]+)\\)");

  /**
   * A query.
   *
   * @param place the panel's title, or the annotation or variable it is for
   * @param expression with Grafana's variables
   */
  public record Query(String place, String expression) {
    /** With values in place of the variables, which are named with their dollar sign. */
    public String filled(Map<String, String> variables) {
      String text = expression;
      for (Map.Entry<String, String> variable : variables.entrySet()) {
        text = text.replace(variable.getKey(), variable.getValue());
      }
      return text;
    }
  }

  /** Reads the JSON of a dashboard: its panels, annotations and variables. */
  public static Dashboard parse(String json) {
    JsonNode board = read(json);
    List<Query> queries = new ArrayList<>();
    panels(board, queries);
    for (JsonNode annotation : board.at("/annotations/list")) {
      add(queries, "annotation " + annotation.path("name").asText(), annotation.path("expr"));
    }
    for (JsonNode variable : board.at("/templating/list")) {
      Matcher values = LABEL_VALUES.matcher(variable.path("query").asText());
      if (values.matches()) {
        queries.add(
            new Query(
                "variable " + variable.path("name").asText(),
                "group by (%s) (%s)".formatted(values.group(2), values.group(1))));
      }
    }
    return new Dashboard(board.path("title").asText(), List.copyOf(queries));
  }

  /** A row that is folded has its panels inside. */
  private static void panels(JsonNode parent, List<Query> queries) {
    for (JsonNode panel : parent.path("panels")) {
      StreamSupport.stream(panel.path("targets").spliterator(), false)
          .forEach(
              target ->
                  add(
                      queries,
                      panel.path("title").asText() + " " + target.path("refId").asText(),
                      target.path("expr")));
      panels(panel, queries);
    }
  }

  private static void add(List<Query> queries, String place, JsonNode expression) {
    if (expression.asText("").isEmpty()) {
      throw new IllegalArgumentException(place + " has no expression");
    }
    queries.add(new Query(place, expression.asText()));
  }

  private static JsonNode read(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
