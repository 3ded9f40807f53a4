package dev.modelserver.server.predict;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.http.ContentType;
import dev.modelserver.server.http.Translator;
import dev.modelserver.server.image.ImageInput;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.openapi.ApiGroup;
import dev.modelserver.server.openapi.ApiSection;
import dev.modelserver.server.openapi.Example;
import dev.modelserver.server.openapi.ExampleValues;
import dev.modelserver.server.openapi.Failure;
import dev.modelserver.server.openapi.Markdown;
import dev.modelserver.server.openapi.Operation;
import dev.modelserver.server.openapi.Schemas;
import dev.modelserver.server.rows.InputLayout;
import dev.modelserver.server.rows.Rows;
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

  private static final String JSON = "application/json";

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
    boolean byRows = layout.obstacle() == null;
    boolean byImage = predictor.images().taken();
    if (!byRows && !byImage) {
      return List.of();
    }
    ExampleRows rows = new ExampleRows(layout, values);
    List<Operation> operations = new ArrayList<>();
    Operation post =
        Operation.post(ApiGroup.PREDICT, "/predict", "predict")
            .summary(
                byImage
                    ? "Predict from an image" + (byRows ? ", or from its values" : "")
                    : "Predict from one row or several")
            .answer(
                200,
                "A prediction" + (byRows ? ", or `predictions` in the order of the rows" : ""),
                JSON,
                byRows
                    ? Schemas.anyOf(List.of(Schemas.ref("Prediction"), Schemas.ref("Predictions")))
                    : Schemas.ref("Prediction"))
            .fails(Failure.inference());
    operations.add(post);
    // what comes first is what a page offers first
    if (byImage) {
      images(post, predictor);
    }
    if (byRows) {
      rows(post, predictor, rows);
      if (rows.single()) {
        operations.add(get(predictor, rows));
      }
    }
    PredictSchemas schemas = new PredictSchemas(predictor);
    operations.forEach(operation -> schemas.byName().forEach(operation::schema));
    return operations;
  }

  private static void images(Operation post, Predictor predictor) {
    ObjectNode file = Schemas.type("string").put("format", "binary");
    ImageInput images = predictor.images();
    post.description(
            "Send a JPEG or PNG file in the field `file` of a form, or as the whole body. It is"
                + " turned upright, resized and normalised as the model wants it.")
        .query(
            "top",
            false,
            "How many classes the answer shows: those with the highest scores.",
            Schemas.type("integer")
                .put("minimum", 1)
                .put("maximum", ImageQuestion.MAX_TOP)
                .put("default", ImageQuestion.DEFAULT_TOP))
        .body(ContentType.FORM, Schemas.property(Schemas.object(), "file", file))
        .body("image/jpeg", file.deepCopy())
        .body("image/png", file.deepCopy())
        .example(
            new Example(
                "image",
                "A small test picture of the server's own",
                null,
                (model, body) ->
                    predictor.translate(
                        new Rows(Map.of(images.input(), images.sample()), 1, false),
                        ImageQuestion.DEFAULT_TOP,
                        System.nanoTime())));
  }

  private static void rows(Operation post, Predictor predictor, ExampleRows rows) {
    if (!predictor.images().taken()) {
      post.description(
          TEXT + " The model takes " + Markdown.text(predictor.layout().expected()) + ".");
    }
    post.body(JSON, Schemas.ref("PredictRequest"));
    Translator translator = (model, body) -> predictor.ask(body);
    if (rows.single()) {
      ObjectNode row = Schemas.node();
      row.set("features", rows.row());
      post.example(new Example("row", "One row", row, translator));
    }
    if (rows.named()) {
      post.example(new Example("names", "By name", rows.byName(), translator));
      ObjectNode wrapped = Schemas.node();
      wrapped.set("case", rows.byName());
      post.example(new Example("wrapped", "By name, under any one key", wrapped, translator));
    }
    if (rows.several()) {
      ObjectNode batch = Schemas.node();
      batch.set("features", rows.batch());
      post.example(new Example("rows", "Several rows", batch, translator));
    }
  }

  private static Operation get(Predictor predictor, ExampleRows rows) {
    String text = rows.query();
    return Operation.get(ApiGroup.PREDICT, "/predict", "predictByQuery")
        .summary("Predict from one row in the address")
        .query(
            "input_data",
            true,
            "The values of the row, with commas between: " + predictor.layout().expected() + ".",
            Schemas.type("string").put("example", text))
        .answer(200, "A prediction", JSON, Schemas.ref("Prediction"))
        .fails(Failure.inference())
        .example(
            new Example(
                "row",
                "One row",
                null,
                (model, body) ->
                    predictor.translate(
                        QueryRow.read(predictor.layout(), Map.of("input_data", List.of(text))),
                        System.nanoTime())));
  }
}
