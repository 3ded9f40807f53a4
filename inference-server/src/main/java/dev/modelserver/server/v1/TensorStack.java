package dev.modelserver.server.v1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.JsonElements;
import dev.modelserver.server.http.JsonValues;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import dev.modelserver.server.tensor.TensorBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stacks nested lists of one shape on a new first axis. The first tells the shape, the others must
 * have the same.
 */
final class TensorStack {

  private final TensorSpec input;
  private final TensorBuilder builder;
  private @Nullable List<Long> dims;
  private int count;

  TensorStack(TensorSpec input) {
    this.input = input;
    this.builder = new TensorBuilder(input.datatype());
  }

  TensorSpec input() {
    return input;
  }

  /** Instances added so far. */
  int count() {
    return count;
  }

  /** Adds the current value, and leaves its last token current. */
  void add(JsonParser parser, String place) throws IOException, RequestException {
    List<Long> known = dims;
    if (known == null) {
      List<Long> found = new ArrayList<>();
      discover(parser, place, 0, found);
      dims = found;
    } else {
      follow(parser, place, 0, known);
    }
    count++;
  }

  /** The tensor of all instances; single values make a column where the model wants one. */
  Tensor build() {
    List<Long> shape = new ArrayList<>();
    shape.add((long) count);
    if (dims != null) {
      shape.addAll(dims);
    }
    if (input.shape().rank() == 2 && shape.size() == 1) {
      shape.add(1L);
    }
    return builder.build(new Shape(shape));
  }

  /** Takes sizes as they come; within the first list of an axis the deeper ones are known. */
  private void discover(JsonParser parser, String place, int axis, List<Long> found)
      throws IOException, RequestException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      element(parser, place, axis);
      return;
    }
    found.add(-1L);
    long size = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (size == 0) {
        discover(parser, place, axis + 1, found);
      } else {
        follow(parser, place, axis + 1, found);
      }
      size++;
    }
    found.set(axis, size);
  }

  private void follow(JsonParser parser, String place, int axis, List<Long> known)
      throws IOException, RequestException {
    boolean list = parser.currentToken() == JsonToken.START_ARRAY;
    if (list != axis < known.size()) {
      throw RequestException.malformed(
          path(parser, place, axis)
              + " is "
              + JsonValues.shown(parser)
              + "; "
              + (list ? "a single value" : "a list")
              + " is needed, as in the first");
    }
    if (!list) {
      element(parser, place, axis);
      return;
    }
    long size = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (size < known.get(axis)) {
        follow(parser, place, axis + 1, known);
      } else {
        parser.skipChildren();
      }
      size++;
    }
    if (size != known.get(axis)) {
      throw RequestException.malformed(
          path(parser, place, axis)
              + " has "
              + size
              + (size == 1 ? " entry" : " entries")
              + "; the first has "
              + known.get(axis)
              + ": all must have one shape");
    }
  }

  private void element(JsonParser parser, String place, int axis)
      throws IOException, RequestException {
    if (!JsonElements.add(parser, builder)) {
      throw RequestException.malformed(
          path(parser, place, axis)
              + " is "
              + JsonValues.shown(parser)
              + "; "
              + JsonElements.needed(builder.type())
              + " is needed");
    }
  }

  /** Where the current value is, so many lists deep in the instance; only errors need it. */
  private static String path(JsonParser parser, String place, int axis) {
    JsonStreamContext list = parser.getParsingContext();
    // which is already the one that starts here, where one does
    if (parser.hasToken(JsonToken.START_ARRAY) || parser.hasToken(JsonToken.START_OBJECT)) {
      list = list.getParent();
    }
    String path = "";
    for (int i = 0; i < axis; i++) {
      path = "[" + list.getCurrentIndex() + "]" + path;
      list = list.getParent();
    }
    return place + path;
  }
}
