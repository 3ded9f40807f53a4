package dev.modelserver.server.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people call the model and its parts. Every part may be unknown: null, or an empty list.
 *
 * @param accuracy a share between 0 and 1
 * @param classes labels by index
 * @param features names of the values of one row, in the model's order
 * @param image how an image becomes the model's input; null when it takes none
 */
public record ModelDescription(
    @Nullable String title,
    @Nullable String dataset,
    @Nullable Double accuracy,
    List<String> classes,
    List<String> features,
    @Nullable ImageDescription image) {

  public static final ModelDescription EMPTY =
      new ModelDescription(null, null, null, List.of(), List.of(), null);

  public ModelDescription {
    classes = List.copyOf(classes);
    features = List.copyOf(features);
  }

  /** This description, and where it says nothing the other's. */
  public ModelDescription orElse(ModelDescription other) {
    return new ModelDescription(
        title != null ? title : other.title,
        dataset != null ? dataset : other.dataset,
        accuracy != null ? accuracy : other.accuracy,
        classes.isEmpty() ? other.classes : classes,
        features.isEmpty() ? other.features : features,
        image == null || other.image == null
            ? (image != null ? image : other.image)
            : image.orElse(other.image));
  }
}
