package dev.modelserver.server.model;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What people call the model and its parts. Every part may be unknown: null, or an empty list.
 *
 * @param accuracy a share between 0 and 1
 * @param classes labels by index
 * @param features names of the values of one row, in the model's order
 * @param image how an image becomes the model's input; null when it takes none
 * @param ignored what the model's metadata says that could not be read: a sentence each
 */
public record ModelDescription(
    @Nullable String title,
    @Nullable String dataset,
    @Nullable Double accuracy,
    List<String> classes,
    List<String> features,
    @Nullable ImageDescription image,
    List<String> ignored) {

  public static final ModelDescription EMPTY =
      new ModelDescription(null, null, null, List.of(), List.of(), null, List.of());

  public ModelDescription {
    classes = List.copyOf(classes);
    features = List.copyOf(features);
    ignored = List.copyOf(ignored);
  }

  /** A description of which all could be read. */
  public ModelDescription(
      @Nullable String title,
      @Nullable String dataset,
      @Nullable Double accuracy,
      List<String> classes,
      List<String> features,
      @Nullable ImageDescription image) {
    this(title, dataset, accuracy, classes, features, image, List.of());
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
            : image.orElse(other.image),
        Stream.concat(ignored.stream(), other.ignored.stream()).toList());
  }
}
