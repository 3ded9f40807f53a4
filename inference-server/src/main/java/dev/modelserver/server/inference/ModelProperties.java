package dev.modelserver.server.inference;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known about a model beyond its signature, as the {@code properties} of the Open Inference
 * Protocol's metadata: texts by name. What is not known is left out; lists are JSON.
 */
public final class ModelProperties {

  private ModelProperties() {}

  /** In the order title, dataset, accuracy, classes, features, digest, opset, any_shape. */
  public static Map<String, String> of(ServedModel model) {
    ModelDescription description = model.description();
    Map<String, String> properties = new LinkedHashMap<>();
    if (description.title() != null) {
      properties.put("title", description.title());
    }
    if (description.dataset() != null) {
      properties.put("dataset", description.dataset());
    }
    if (description.accuracy() != null) {
      properties.put("accuracy", description.accuracy().toString());
    }
    if (!model.signature().classes().isEmpty()) {
      properties.put("classes", json(model.signature().classes()));
    }
    if (!description.features().isEmpty()) {
      properties.put("features", json(description.features()));
    }
    properties.put("digest", model.identity().digest().header());
    properties.put("opset", Long.toString(model.opset()));
    List<String> open =
        Stream.concat(model.signature().inputs().stream(), model.signature().outputs().stream())
            .filter(TensorSpec::anyShape)
            .map(TensorSpec::name)
            .toList();
    if (!open.isEmpty()) {
      // the protocol has no other way to tell them from single values
      properties.put("any_shape", json(open));
    }
    return properties;
  }

  private static String json(List<String> texts) {
    return texts.stream()
        .map(text -> '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"')
        .collect(Collectors.joining(",", "[", "]"));
  }
}
