package dev.modelserver.server.onnx;

import dev.modelserver.server.model.Labels;
import dev.modelserver.server.model.ModelDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The labels a model can give, by position. */
public final class ClassLabels {

  private ClassLabels() {}

  /**
   * The model's own labels when they are names, else those of the description, else its numbers;
   * empty when nothing is known.
   */
  public static List<String> of(ModelDescription description, @Nullable Labels labels) {
    if (labels == null) {
      return description.classes();
    }
    boolean byDescription =
        !labels.strings() && description.classes().size() == labels.keys().size();
    return byDescription ? description.classes() : labels.names();
  }
}
