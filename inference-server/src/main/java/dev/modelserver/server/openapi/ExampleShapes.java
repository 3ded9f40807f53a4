package dev.modelserver.server.openapi;

import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Shapes to show a request of one row with. A model may refuse what its signature allows, as a
 * network for images does with one pixel: where sizes vary, several shapes are to be tried.
 */
public final class ExampleShapes {

  /** For sizes that vary, beside the number of rows: the smallest, and two usual ones of images. */
  private static final List<Long> SIZES = List.of(1L, 32L, 224L);

  private ExampleShapes() {}

  /**
   * Lists with a shape for each input, in the order in which they are to be tried.
   *
   * @param image the shape of the only input for an image, where the model takes images
   */
  public static List<List<Shape>> of(ServedModel model, Optional<Shape> image) {
    List<TensorSpec> inputs = model.signature().inputs();
    int features = inputs.size() == 1 ? model.description().features().size() : 0;
    Stream<List<Shape>> usual =
        SIZES.stream()
            .map(size -> inputs.stream().map(input -> shape(input, features, size)).toList());
    return Stream.concat(image.map(List::of).stream(), usual).distinct().toList();
  }

  /** A row of features is as long as its names say, or as the model needs it. */
  private static Shape shape(TensorSpec input, int features, long size) {
    if (input.anyShape()) {
      long width = Math.max(size, input.leastWidth());
      return width == 1 ? Shape.of(1) : Shape.of(1, width);
    }
    Shape declared = input.shape();
    List<Long> dims = new ArrayList<>();
    for (int axis = 0; axis < declared.rank(); axis++) {
      boolean last = axis == declared.rank() - 1;
      long known = !last ? 0 : axis > 0 && features > 0 ? features : input.leastWidth();
      long free = known > 0 ? known : axis == 0 ? 1 : size;
      dims.add(declared.dim(axis) >= 0 ? declared.dim(axis) : free);
    }
    return new Shape(dims);
  }
}
