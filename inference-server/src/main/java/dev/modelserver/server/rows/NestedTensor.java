package dev.modelserver.server.rows;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.json.JsonReader;
import dev.modelserver.server.json.JsonReader.Kind;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor out of nested lists: as a whole, or as parts of one shape that are stacked on a new
 * first axis. The first lists tell the sizes, the others must have the same.
 */
public final class NestedTensor {

  private final JsonReader json;
  private final TensorSpec input;
  private final ElementBuffer buffer;
  private @Nullable List<Long> dims;
  private int count;
  private int parts;

  /** A tensor for an input, out of the next values of a text. */
  public NestedTensor(JsonReader json, TensorSpec input) {
    this.json = json;
    this.input = input;
    this.buffer = new ElementBuffer(json, input.datatype());
  }

  /** The input that it is for. */
  public TensorSpec input() {
    return input;
  }

  /** Parts added so far. */
  public int parts() {
    return parts;
  }

  /** Adds the next value. */
  public void add() throws RequestException {
    List<Long> known = dims;
    if (known == null) {
      List<Long> found = new ArrayList<>();
      discover(0, found);
      dims = found;
    } else {
      follow(0, known);
    }
    parts++;
  }

  /** The one part as it is. */
  public Tensor whole() {
    return build(new ArrayList<>(dims == null ? List.of() : dims));
  }

  /** The tensor of all parts. */
  public Tensor stacked() {
    List<Long> shape = new ArrayList<>(List.of((long) parts));
    shape.addAll(dims == null ? List.of() : dims);
    return build(shape);
  }

  /**
   * Single values make a column where the model wants one. An empty list has no lists inside that
   * tell the sizes of further axes: they are those that the model declares.
   */
  private Tensor build(List<Long> shape) {
    Shape declared = input.shape();
    if (declared.rank() == 2 && shape.size() == 1 && shape.getFirst() > 0) {
      shape.add(1L);
    }
    if (!shape.isEmpty() && shape.getLast() == 0) {
      declared.dims().stream()
          .skip(shape.size())
          .map(size -> Math.max(0, size))
          .forEach(shape::add);
    }
    return buffer.build(new Shape(shape));
  }

  /** Takes sizes as they come; within the first list of an axis the deeper ones are known. */
  private void discover(int axis, List<Long> found) throws RequestException {
    if (json.peek() != Kind.LIST) {
      element();
      return;
    }
    found.add(-1L);
    long size = 0;
    for (json.beginList(); json.nextElement(); size++) {
      if (size == 0) {
        discover(axis + 1, found);
      } else {
        follow(axis + 1, found);
      }
    }
    found.set(axis, size);
  }

  private void follow(int axis, List<Long> known) throws RequestException {
    boolean list = json.peek() == Kind.LIST;
    if (list != axis < known.size()) {
      throw json.wrong((list ? "a single value" : "a list") + ", as in the first,");
    }
    if (!list) {
      element();
      return;
    }
    long needed = known.get(axis);
    json.beginList();
    long size = axis == known.size() - 1 ? elements((int) needed) : lists(axis + 1, known);
    if (size != needed) {
      throw RequestException.malformed(
          "%s has %d %s; the first has %d: all must have one shape"
              .formatted(json.path(), size, size == 1 ? "entry" : "entries", needed));
    }
  }

  private long lists(int axis, List<Long> known) throws RequestException {
    long size = 0;
    for (; json.nextElement(); size++) {
      if (size < known.get(axis - 1)) {
        follow(axis, known);
      } else {
        json.skip();
      }
    }
    return size;
  }

  /** Reads a list of values to its end. */
  private long elements(int needed) throws RequestException {
    buffer.reserve(count + needed);
    int size = buffer.readList(count, needed);
    count += needed;
    return size;
  }

  private void element() throws RequestException {
    buffer.reserve(count + 1);
    buffer.read(count++);
  }
}
