package dev.modelserver.server.predict;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.model.ClassNames;
import dev.modelserver.server.model.OutputRoles;
import dev.modelserver.server.model.ScoreKind;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.openapi.Schemas;
import dev.modelserver.server.rows.InputLayout;
import dev.modelserver.server.rows.InputLayout.Field;
import dev.modelserver.server.rows.RowReader;
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
    this.roles = predictor.model().roles();
    this.classes = predictor.model().roles().classes();
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
    if (layout.byPosition()) {
      byPosition(forms);
    }
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

  private void byPosition(List<ObjectNode> forms) {
    if (layout.rows() <= 1) {
      forms.add(form("One row", row()));
    }
    ObjectNode rows = Schemas.array(row(), layout.rows());
    forms.add(
        form(
            "Rows",
            layout.rows() < 0
                ? rows.put("minItems", 1).put("maxItems", RowReader.MAX_ROWS)
                : rows));
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
      ObjectNode value = Schemas.element(field.column().input().datatype());
      Schemas.property(
          named, field.name(), field.length() == 1 ? value : Schemas.array(value, field.length()));
    }
    return named;
  }

  /** The fields of one row of an answer. */
  private ObjectNode fields() {
    ObjectNode fields = Schemas.object();
    DataType label = type(roles.label());
    DataType value = type(roles.value());
    boolean chosen = roles.kind() != ScoreKind.INDEPENDENT_PROBABILITIES;
    if (label != null) {
      Schemas.property(fields, "prediction", prediction(label));
    } else if (roles.scores() != null && chosen) {
      Schemas.property(fields, "prediction", prediction(DataType.INT64));
    } else if (value != null) {
      ObjectNode number = Schemas.orNull(Schemas.element(value));
      Schemas.property(
          fields, "prediction", Schemas.anyOf(List.of(number, Schemas.array(number.deepCopy()))));
    }
    if (label != null || (roles.scores() != null && chosen)) {
      Schemas.optional(fields, "class", className());
    }
    if (roles.scores() != null) {
      scores(fields);
    }
    if (!roles.others().isEmpty()) {
      ObjectNode others = Schemas.object().put("description", "Further outputs, as they are.");
      roles.others().forEach(name -> Schemas.optional(others, name, Schemas.node()));
      Schemas.property(fields, "outputs", others);
    }
    return fields;
  }

  /** A label, or the class that it is the position of. */
  private ObjectNode prediction(DataType label) {
    boolean text =
        !classes.keys().isEmpty()
            && classes.keys().getFirst() instanceof String
            && (roles.labelIsPosition() || roles.label() == null);
    return Schemas.element(text ? DataType.BYTES : label);
  }

  private void scores(ObjectNode fields) {
    switch (roles.kind()) {
      case PROBABILITIES ->
          Schemas.optional(
              fields,
              "probabilities",
              byClass(-1e-6).put("description", "The probability of each class; one in sum."));
      case INDEPENDENT_PROBABILITIES ->
          Schemas.optional(
              fields,
              "probabilities",
              byClass(0)
                  .put(
                      "description",
                      "The probability of each class by itself: any number of them can apply."));
      case SCORES ->
          Schemas.optional(
              fields,
              "scores",
              byClass(null)
                  .put("description", "Numbers that are no probabilities, such as logits."));
    }
    if (roles.kind() == ScoreKind.PROBABILITIES) {
      Schemas.optional(
          fields,
          "confidence",
          Schemas.orNull(Schemas.type("number"))
              .put("description", "The probability of the predicted class."));
    }
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

  /**
   * Scores by the names of the classes; without names a list, or one number.
   *
   * @param least no number is less; null: any can be
   */
  private ObjectNode byClass(@Nullable Number least) {
    ObjectNode number = Schemas.type("number");
    if (least != null) {
      number.put("minimum", least.doubleValue());
    }
    ObjectNode score = Schemas.orNull(number);
    List<String> names = classes.names();
    if (names.isEmpty()) {
      return Schemas.anyOf(List.of(score, Schemas.array(score.deepCopy())));
    }
    ObjectNode object = Schemas.type("object");
    if (names.size() > MAX_LISTED) {
      object.set("additionalProperties", score);
    } else {
      ObjectNode properties = object.putObject("properties");
      names.forEach(name -> properties.set(name, score.deepCopy()));
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
