package dev.modelserver.server.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * An input of one row that fits a model: the same values that {@code /predict} is shown with.
 *
 * @param data row-major, flat
 */
public record ExampleTensor(TensorSpec spec, Shape shape, ArrayNode data) {

  /**
   * One for every input; empty when there would be more values than a page has room for.
   *
   * @param shapes of the inputs, in the model's order
   */
  public static List<ExampleTensor> of(
      ServedModel model, ExampleValues values, List<Shape> shapes) {
    List<ExampleTensor> tensors = new ArrayList<>();
    int position = 0;
    for (TensorSpec input : model.signature().inputs()) {
      Shape shape = shapes.get(tensors.size());
      if (!small(shape, ExampleValues.MAX_VALUES - position)) {
        return List.of();
      }
      ArrayNode data = JsonNodeFactory.instance.arrayNode();
      for (long left = shape.elements(); left > 0; left--) {
        data.add(values.at(input.datatype(), position++));
      }
      tensors.add(new ExampleTensor(input, shape, data));
    }
    return tensors;
  }

  /** The data in lists within lists, one level for each axis. */
  public ArrayNode nested() {
    return nested(0, 0);
  }

  private ArrayNode nested(int axis, int from) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    int step = (int) shape.elementsFrom(axis + 1);
    for (int i = 0; i < shape.dim(axis); i++) {
      int at = from + i * step;
      list.add(axis == shape.rank() - 1 ? data.get(at) : nested(axis + 1, at));
    }
    return list;
  }

  private static boolean small(Shape shape, long most) {
    try {
      return shape.elements() <= most;
    } catch (ArithmeticException e) {
      return false;
    }
  }
}
