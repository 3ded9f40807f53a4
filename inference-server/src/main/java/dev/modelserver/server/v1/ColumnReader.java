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
import java.util.stream.Collectors;

/**
 * Reads the column format: the tensor of the only input, or an object with a whole tensor for each
 * input; where the values of a row have names, a list of values for each of those.
 */
final class ColumnReader {

  private final JsonReader json;
  private final Signature signature;
  private final InputLayout layout;
  private final ImageValues images;

  ColumnReader(JsonReader json, Signature signature, InputLayout layout, ImageValues images) {
    this.json = json;
    this.signature = signature;
    this.layout = layout;
    this.images = images;
  }

  /** Reads the value of {@code inputs}. */
  Rows read() throws RequestException {
    if (json.peek() != Kind.OBJECT) {
      return only();
    }
    json.beginObject();
    String first = json.nextName();
    if (first == null) {
      throw RequestException.malformed("inputs is empty; the inputs are " + names());
    }
    if (images.isImage(first, layout)) {
      return images.columns(first);
    }
    if (signature.input(first).isEmpty() && layout.field(first) != null) {
      return features(first);
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name = first; name != null; name = json.nextName()) {
      TensorSpec input = signature.input(name).orElse(null);
      if (input == null) {
        throw RequestException.malformed(
            "the input \"%s\" is not known; the inputs are %s"
                .formatted(Excerpt.of(name), names()));
      }
      tensors.put(name, tensor(input));
    }
    return new Rows(tensors, 1, true);
  }

  private Rows only() throws RequestException {
    if (signature.inputs().size() != 1) {
      throw json.wrong("an object with the inputs by name");
    }
    TensorSpec input = signature.inputs().getFirst();
    if (json.peek() == Kind.LIST && images.taken() && json.peekFirst() == Kind.OBJECT) {
      return images.list();
    }
    return new Rows(Map.of(input.name(), tensor(input)), 1, true);
  }

  private Tensor tensor(TensorSpec input) throws RequestException {
    NestedTensor tensor = new NestedTensor(json, input);
    tensor.add();
    return tensor.whole();
  }

  private Rows features(String first) throws RequestException {
    RowReader rows = new RowReader(json, layout);
    if (!rows.rowOrColumns(first)) {
      throw RequestException.malformed(
          "inputs has single values; send a list with a value of each row for each name");
    }
    return rows.finish(true);
  }

  private String names() {
    return signature.inputs().stream().map(TensorSpec::name).collect(Collectors.joining(", "));
  }
}
