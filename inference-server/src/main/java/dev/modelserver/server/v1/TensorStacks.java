package dev.modelserver.server.v1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A stack for each input of a model; an instance is an object with all of them by name. */
final class TensorStacks {

  private final Map<String, TensorStack> stacks = new LinkedHashMap<>();
  private int count;

  TensorStacks(List<TensorSpec> inputs) {
    inputs.forEach(input -> stacks.put(input.name(), new TensorStack(input)));
  }

  /** Reads fields up to the end of the object; the current token is the first name, or the end. */
  void add(JsonParser parser, String place) throws IOException, RequestException {
    for (; parser.currentToken() != JsonToken.END_OBJECT; parser.nextToken()) {
      String name = parser.currentName();
      TensorStack stack = stacks.get(name);
      if (stack == null) {
        throw RequestException.malformed(
            place
                + " has \""
                + Excerpt.of(name)
                + "\", which is not known; the inputs are "
                + names());
      }
      parser.nextToken();
      stack.add(parser, place + "." + name);
    }
    count++;
    for (TensorStack stack : stacks.values()) {
      if (stack.count() < count) {
        throw RequestException.malformed(
            place + " lacks " + stack.input().name() + "; the inputs are " + names());
      }
    }
  }

  /** The tensors by the names of the inputs. */
  Map<String, Tensor> build() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    stacks.forEach((name, stack) -> tensors.put(name, stack.build()));
    return tensors;
  }

  private String names() {
    return String.join(", ", stacks.keySet());
  }
}
