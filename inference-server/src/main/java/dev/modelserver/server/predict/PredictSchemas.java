package dev.modelserver.server.predict;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.openapi.Schemas;
import dev.modelserver.server.predict.InputLayout.Column;
import dev.modelserver.server.predict.InputLayout.Field;
import dev.modelserver.server.tensor.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What requests and answers of {@code /predict} look like for one model, as JSON Schema. */
final class PredictSchemas {

  /** A schema that lists more names hides the rest. */
  private static final int MAX_LISTED = 100;

  private final InputLayout layout;
  private final OutputRoles roles;
  private final ClassNames classes;
  private final List<TensorSpec> outputs;
  private final String model;
  private final String version;

  PredictSchemas(Predictor predictor) {
    this.layout = predictor.layout();
    this.roles = predictor.rows().roles();
    this.classes = predictor.rows().classes();
    this.outputs = predictor.model().signature().outputs();
    this.model = predictor.model().identity().name();
    this.version = predictor.model().identity().version();
  }

  Map<String, ObjectNode> byName() {
    Map<String, ObjectNode> schemas = new LinkedHashMap<>();
    schemas.put("Prediction", common(fields()));
    if (layout.obstacle() != null) {
      return schemas;
    }
    boolean named = !layout.fields().isEmpty();
    schemas.put("PredictRequest", request(named));
    if (named) {
      schemas.put("Features", named());
    }
    ObjectNode rows = Schemas.array(fields()).put("minItems", 1);
    schemas.put("Predictions", common(Schemas.property(Schemas.object(), "predictions", rows)));
    return schemas;
  }

  private ObjectNode request(boolean named) {
    List<ObjectNode> forms = new ArrayList<>();
    if (layout.rows() <= 1) {
      forms.add(form("One row", row()));
    }
    ObjectNode rows = Schemas.array(row(), layout.rows());
    forms.add(
        form(
            "Rows",
            layout.rows() < 0
                ? rows.put("minItems", 1).put("maxItems", RowCollector.MAX_ROWS)
                : rows));
    if (named) {
      ObjectNode features = Schemas.ref("Features");
      if (layout.rows() <= 1) {
        forms.add(features);
      }
      ObjectNode wrapped =
          Schemas.type("object")
              .put("title", "Under one key")
              .put("minProperties", 1)
              .put("maxProperties", 1);
      wrapped.set(
          "additionalProperties",
          Schemas.anyOf(List.of(features, Schemas.array(features.deepCopy()).put("minItems", 1))));
      forms.add(wrapped);
    }
    return Schemas.anyOf(forms);
  }

  private static ObjectNode form(String title, ObjectNode features) {
    return Schemas.property(Schemas.object(), "features", features)
        .put("title", title)
        .put("additionalProperties", false);
  }

  /** Values by position; inputs of different types take turns. */
  private ObjectNode row() {
    List<DataType> types =
        layout.columns().stream().map(column -> column.input().datatype()).distinct().toList();
    ObjectNode row =
        Schemas.array(Schemas.anyOf(types.stream().map(Schemas::element).toList()), layout.width());
    return row.put("description", "The model takes " + layout.expected() + ".");
  }

  private ObjectNode named() {
    ObjectNode named = Schemas.object().put("title", "By name").put("additionalProperties", false);
    for (Field field : layout.fields()) {
      ObjectNode value = Schemas.element(type(field));
      Schemas.property(
          named, field.name(), field.length() == 1 ? value : Schemas.array(value, field.length()));
    }
    return named;
  }

  private DataType type(Field field) {
    long offset = 0;
    for (Column column : layout.columns()) {
      offset += column.width();
      if (column.width() < 0 || field.offset() < offset) {
        return column.input().datatype();
      }
    }
    throw new IllegalStateException("a field within the row");
  }

  /** The fields of one row of an answer. */
  private ObjectNode fields() {
    ObjectNode fields = Schemas.object();
    DataType label = type(roles.label());
    DataType value = type(roles.value());
    if (label != null) {
      Schemas.property(fields, "prediction", Schemas.element(label));
    } else if (roles.scores() != null) {
      Schemas.property(fields, "prediction", Schemas.type("integer").put("minimum", 0));
    } else if (value != null) {
      ObjectNode number = Schemas.orNull(Schemas.element(value));
      Schemas.property(
          fields, "prediction", Schemas.anyOf(List.of(number, Schemas.array(number.deepCopy()))));
    }
    if (label != null || roles.scores() != null) {
      Schemas.optional(fields, "class", className());
    }
    if (roles.scores() != null) {
      Schemas.optional(
          fields,
          "probabilities",
          byClass(Schemas.orNull(Schemas.type("number").put("minimum", 0)))
              .put("description", "Scores that are not negative and sum to 1."));
      Schemas.optional(
          fields,
          "scores",
          byClass(Schemas.orNull(Schemas.type("number")))
              .put("description", "Other scores, such as logits."));
      Schemas.optional(
          fields,
          "confidence",
          Schemas.type("number")
              .put("minimum", 0)
              .put("description", "The probability of the predicted class."));
    }
    if (!roles.others().isEmpty()) {
      ObjectNode others = Schemas.object().put("description", "Further outputs, as they are.");
      roles.others().forEach(name -> Schemas.optional(others, name, Schemas.node()));
      Schemas.property(fields, "outputs", others);
    }
    return fields;
  }

  private ObjectNode className() {
    ObjectNode name = Schemas.type("string");
    List<String> names = classes.names();
    if (!names.isEmpty() && names.size() <= MAX_LISTED && roles.scores() != null) {
      ArrayNode choice = name.putArray("enum");
      names.forEach(choice::add);
    }
    return name;
  }

  private ObjectNode byClass(ObjectNode number) {
    ObjectNode object = Schemas.type("object");
    List<String> names = classes.names();
    if (names.isEmpty() || names.size() > MAX_LISTED) {
      object.set("additionalProperties", number);
    } else {
      ObjectNode properties = object.putObject("properties");
      names.forEach(name -> properties.set(name, number.deepCopy()));
    }
    return object;
  }

  private ObjectNode common(ObjectNode answer) {
    Schemas.property(answer, "processing_time_ms", Schemas.type("number").put("minimum", 0));
    Schemas.property(answer, "timestamp", Schemas.type("string").put("format", "date-time"));
    Schemas.property(answer, "model", Schemas.constant(model));
    Schemas.property(answer, "model_version", Schemas.constant(version));
    return Schemas.property(answer, "served_by_pod", Schemas.type("string"));
  }

  private @Nullable DataType type(@Nullable String output) {
    return outputs.stream()
        .filter(spec -> spec.name().equals(output))
        .map(TensorSpec::datatype)
        .findFirst()
        .orElse(null);
  }
}
