package dev.modelserver.server.predict;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.http.Translator;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.openapi.ApiGroup;
import dev.modelserver.server.openapi.ApiSection;
import dev.modelserver.server.openapi.Example;
import dev.modelserver.server.openapi.ExampleValues;
import dev.modelserver.server.openapi.Failure;
import dev.modelserver.server.openapi.Markdown;
import dev.modelserver.server.openapi.Operation;
import dev.modelserver.server.openapi.Schemas;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code /predict} in the OpenAPI document: the forms that this model takes, each with an example.
 */
@Singleton
public final class PredictOperations implements ApiSection {

  /** Longer lists of names help nobody. */
  private static final int MAX_NAMED = 100;

  private static final String TEXT =
      """
      A row holds the values of one case in the order of the model's inputs. Send one row or several, by position or by name. \
      Names may stand at the top level or under any one key.""";

  private final String podName;

  @Inject
  PredictOperations(ServerEnvironment environment) {
    this(environment.podName());
  }

  /**
   * Describes a server.
   *
   * @param podName who answers
   */
  public PredictOperations(String podName) {
    this.podName = podName;
  }

  @Override
  public List<Operation> operations(ServedModel model, ExampleValues values) {
    Predictor predictor = new Predictor(model, podName);
    InputLayout layout = predictor.layout();
    if (layout.obstacle() != null) {
      return List.of();
    }
    Map<String, ObjectNode> schemas = new PredictSchemas(predictor).byName();
    ExampleRows rows = new ExampleRows(layout, values);
    List<Operation> operations = new ArrayList<>();
    operations.add(post(predictor, rows));
    if (layout.rows() <= 1) {
      operations.add(get(predictor, rows));
    }
    operations.forEach(operation -> schemas.forEach(operation::schema));
    return operations;
  }

  private static Operation post(Predictor predictor, ExampleRows rows) {
    Operation post =
        Operation.post(ApiGroup.PREDICT, "/predict", "predict")
            .summary("Predict from one row or several")
            .description(
                TEXT + " The model takes " + Markdown.text(predictor.layout().expected()) + ".")
            .body("application/json", Schemas.ref("PredictRequest"))
            .answer(
                200,
                "A prediction, or `predictions` in the order of the rows",
                "application/json",
                Schemas.anyOf(List.of(Schemas.ref("Prediction"), Schemas.ref("Predictions"))))
            .fails(Failure.inference());
    Translator translator =
        (model, body) -> predictor.translate(predictor.read(body.bytes(), body.length()));
    if (rows.shown(1)) {
      ObjectNode row = Schemas.node();
      row.set("features", rows.row());
      post.example(new Example("row", "One row", row, translator));
    }
    if (rows.named(MAX_NAMED)) {
      post.example(new Example("names", "By name", rows.byName(), translator));
      ObjectNode wrapped = Schemas.node();
      wrapped.set("case", rows.byName());
      post.example(new Example("wrapped", "By name, under any one key", wrapped, translator));
    }
    if (rows.shown(2)) {
      ObjectNode batch = Schemas.node();
      batch.set("features", rows.batch());
      post.example(new Example("rows", "Several rows", batch, translator));
    }
    return post;
  }

  private static Operation get(Predictor predictor, ExampleRows rows) {
    String text = rows.shown(1) ? rows.query() : "";
    JsonNode example = text.isEmpty() ? MissingNode.getInstance() : TextNode.valueOf(text);
    Operation get =
        Operation.get(ApiGroup.PREDICT, "/predict", "predictByQuery")
            .summary("Predict from one row in the address")
            .query(
                "input_data",
                "The values of the row, with commas between: "
                    + predictor.layout().expected()
                    + ".",
                Schemas.type("string"),
                example)
            .answer(200, "A prediction", "application/json", Schemas.ref("Prediction"))
            .fails(Failure.inference());
    if (!text.isEmpty()) {
      get.example(
          new Example(
              "row",
              "One row",
              null,
              (model, body) ->
                  predictor.translate(
                      QueryFeatures.parse(
                          predictor.layout(), Map.of("input_data", List.of(text))))));
    }
    return get;
  }
}
