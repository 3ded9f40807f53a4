package dev.modelserver.server.v1;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.json.JsonReader;
import dev.modelserver.server.json.JsonReader.Kind;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.rows.InputLayout;
import dev.modelserver.server.rows.NestedTensor;
import dev.modelserver.server.rows.RowReader;
import dev.modelserver.server.rows.Rows;
import dev.modelserver.server.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the row format: rows of values, single values for a model that takes one, objects with
 * values by name, images, and where the model's inputs are no rows, tensors to be stacked.
 */
final class InstanceReader {

  private final JsonReader json;
  private final Signature signature;
  private final InputLayout layout;
  private final ImageValues images;

  InstanceReader(JsonReader json, Signature signature, InputLayout layout, ImageValues images) {
    this.json = json;
    this.signature = signature;
    this.layout = layout;
    this.images = images;
  }

  /** Reads the list of instances. */
  Rows read() throws RequestException {
    Kind first = json.peekFirst();
    if (first == null) {
      throw RequestException.malformed("instances is empty; send at least one");
    }
    json.beginList();
    json.nextElement();
    if (first != Kind.OBJECT) {
      return takesRows(signature, layout) ? rows() : tensors();
    }
    json.beginObject();
    String name = json.nextName();
    if (name != null && images.isImage(name, layout)) {
      return images.instances(name);
    }
    boolean byRow =
        layout.obstacle() == null && (featuresHaveNames() || takesRows(signature, layout));
    return byRow ? namedRows(name) : namedTensors(name);
  }

  /** Whether an instance is a row of values, not a tensor. */
  static boolean takesRows(Signature signature, InputLayout layout) {
    return layout.obstacle() == null
        && signature.inputs().stream().allMatch(input -> input.shape().rank() <= 2);
  }

  /** Whether the values of a row have names of their own, other than those of the inputs. */
  private boolean featuresHaveNames() {
    return layout.fields().stream().anyMatch(field -> signature.input(field.name()).isEmpty());
  }

  private Rows rows() throws RequestException {
    RowReader rows = new RowReader(json, layout);
    rows.rows();
    return rows.finish(true);
  }

  /** The first object has begun, and its first name has been read. */
  private Rows namedRows(@Nullable String first) throws RequestException {
    RowReader rows = new RowReader(json, layout);
    rows.object(first);
    if (json.nextElement()) {
      rows.rows();
    }
    return rows.finish(true);
  }

  private Rows tensors() throws RequestException {
    requireShapes();
    if (signature.inputs().size() != 1) {
      json.peek();
      throw json.wrong("an object with the inputs by name");
    }
    NestedTensor tensor = new NestedTensor(json, signature.inputs().getFirst());
    do {
      limit(tensor.parts());
      tensor.add();
    } while (json.nextElement());
    return new Rows(Map.of(tensor.input().name(), tensor.stacked()), tensor.parts(), true);
  }

  /** The first object has begun, and its first name has been read. */
  private Rows namedTensors(@Nullable String first) throws RequestException {
    requireShapes();
    Map<String, NestedTensor> tensors = new LinkedHashMap<>();
    signature.inputs().forEach(input -> tensors.put(input.name(), new NestedTensor(json, input)));
    int count = 0;
    String name = first;
    do {
      if (count > 0) {
        limit(count);
        json.beginObject();
        name = json.nextName();
      }
      count++;
      for (; name != null; name = json.nextName()) {
        NestedTensor tensor = tensors.get(name);
        if (tensor == null) {
          throw RequestException.malformed(
              "the input \"%s\" is not known; the inputs are %s"
                  .formatted(Excerpt.of(name), String.join(", ", tensors.keySet())));
        }
        tensor.add();
      }
      for (NestedTensor tensor : tensors.values()) {
        if (tensor.parts() < count) {
          throw RequestException.malformed(
              "%s lacks %s; the inputs are %s"
                  .formatted(
                      json.path(), tensor.input().name(), String.join(", ", tensors.keySet())));
        }
      }
    } while (json.nextElement());
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    tensors.forEach((input, tensor) -> inputs.put(input, tensor.stacked()));
    return new Rows(inputs, count, true);
  }

  /**
   * Nothing tells which axis of an input of any shape, and then of the outputs, has the instances.
   */
  private void requireShapes() throws RequestException {
    for (TensorSpec input : signature.inputs()) {
      if (input.anyShape()) {
        throw RequestException.malformed(
            "this model does not accept instances: the input %s has no axis that counts them; send its whole tensor, {\"inputs\":…}"
                .formatted(input));
      }
    }
  }

  static void limit(int count) throws RequestException {
    if (count == RowReader.MAX_ROWS) {
      throw RequestException.malformed(
          "instances has more than %d rows; send them in several requests"
              .formatted(RowReader.MAX_ROWS));
    }
  }
}
