package dev.modelserver.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/** The table that {@code kubectl get} prints of a custom resource. */
final class PrinterColumns {
  private static final String GAP = "   ";

  /**
   * {@code .field} or {@code [?(@.field=="value")]}: the JSONPath that printer columns use here.
   */
  private static final Pattern STEP =
      Pattern.compile("\\.(\\w+)|\\[\\?\\(@\\.(\\w+)==[\"']([^\"']*)[\"']\\)]");

  private final List<CustomResourceColumnDefinition> columns;

  /** The columns that are shown without {@code -o wide}. */
  PrinterColumns(CustomResourceDefinition definition) {
    this.columns =
        definition.getSpec().getVersions().getFirst().getAdditionalPrinterColumns().stream()
            .filter(column -> Objects.requireNonNullElse(column.getPriority(), 0) == 0)
            .toList();
  }

  /** The table of the objects, with a line of headings; each line ends with a line break. */
  String table(List<JsonNode> objects, Instant now) {
    var rows = new ArrayList<List<String>>();
    var headings = new ArrayList<>(List.of("NAME"));
    columns.forEach(column -> headings.add(column.getName().toUpperCase(Locale.ROOT)));
    rows.add(headings);
    for (var object : objects) {
      var cells = new ArrayList<>(List.of(object.at("/metadata/name").asText()));
      columns.forEach(column -> cells.add(cell(column, object, now)));
      rows.add(cells);
    }
    return layOut(rows);
  }

  private static String cell(CustomResourceColumnDefinition column, JsonNode object, Instant now) {
    var value = find(object, column.getJsonPath());
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    return column.getType().equals("date")
        ? age(Duration.between(Instant.parse(value.asText()), now))
        : value.asText();
  }

  /** The value at a JSONPath; missing when there is none. */
  static JsonNode find(JsonNode object, String jsonPath) {
    var steps = STEP.matcher(jsonPath);
    var value = object;
    while (steps.find()) {
      value =
          steps.group(1) != null
              ? value.path(steps.group(1))
              : item(value, steps.group(2), steps.group(3));
    }
    return value;
  }

  /** An age as kubectl writes it. */
  static String age(Duration age) {
    var seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    var minutes = seconds / 60;
    if (minutes < 10) {
      return seconds % 60 == 0 ? minutes + "m" : minutes + "m" + seconds % 60 + "s";
    }
    return minutes < 180 ? minutes + "m" : minutes / 60 + "h";
  }

  private static JsonNode item(JsonNode list, String field, String wanted) {
    for (var candidate : list) {
      if (candidate.path(field).asText().equals(wanted)) {
        return candidate;
      }
    }
    return MissingNode.getInstance();
  }

  private static String layOut(List<List<String>> rows) {
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (var index = 0; index < row.size(); index++) {
        var column = index;
        var width = rows.stream().mapToInt(other -> other.get(column).length()).max().orElse(0);
        line.append(row.get(index)).repeat(' ', width - row.get(index).length()).append(GAP);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
