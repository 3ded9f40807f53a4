package dev.modelserver.server.graph;

import dev.modelserver.server.graph.ModelLimits.Body;
import dev.modelserver.server.model.ModelLoadException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Goes through all of a ModelProto, field by field, and keeps what {@link OnnxFileScan} is about;
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the numbers.
 */
final class ModelFileScanner {

  private static final int MAX_DEPTH = 100;
  private static final int MAX_LOCATIONS = 10_000;

  private enum Message {
    MODEL,
    OPSET,
    TRAINING,
    FUNCTION,
    GRAPH,
    NODE,
    ATTRIBUTE,
    TENSOR,
    SPARSE,
    ENTRY
  }

  /** The message inside each field that can lead to a tensor. */
  private static final Map<Message, Map<Integer, Message>> CHILDREN =
      Map.of(
          Message.MODEL,
              Map.of(
                  7, Message.GRAPH, 8, Message.OPSET, 20, Message.TRAINING, 25, Message.FUNCTION),
          Message.TRAINING, Map.of(1, Message.GRAPH, 2, Message.GRAPH),
          Message.FUNCTION, Map.of(7, Message.NODE, 11, Message.ATTRIBUTE),
          Message.GRAPH, Map.of(1, Message.NODE, 5, Message.TENSOR, 15, Message.SPARSE),
          Message.NODE, Map.of(5, Message.ATTRIBUTE),
          Message.ATTRIBUTE,
              Map.of(
                  5,
                  Message.TENSOR,
                  6,
                  Message.GRAPH,
                  10,
                  Message.TENSOR,
                  11,
                  Message.GRAPH,
                  22,
                  Message.SPARSE,
                  23,
                  Message.SPARSE),
          Message.TENSOR, Map.of(13, Message.ENTRY),
          Message.SPARSE, Map.of(1, Message.TENSOR, 2, Message.TENSOR),
          Message.OPSET, Map.of(),
          Message.ENTRY, Map.of());

  private enum Leaf {
    NAME,
    DOMAIN,
    OVERLOAD,
    VALUE,
    NUMBER,
    DIMS
  }

  private static final Map<Message, Map<Integer, Leaf>> LEAVES =
      Map.of(
          Message.OPSET, Map.of(1, Leaf.DOMAIN, 2, Leaf.NUMBER),
          Message.NODE, Map.of(4, Leaf.NAME, 7, Leaf.DOMAIN, 8, Leaf.OVERLOAD),
          Message.FUNCTION, Map.of(1, Leaf.NAME, 10, Leaf.DOMAIN, 13, Leaf.OVERLOAD),
          Message.ENTRY, Map.of(1, Leaf.NAME, 2, Leaf.VALUE),
          Message.TENSOR, Map.of(1, Leaf.DIMS, 2, Leaf.NUMBER),
          Message.SPARSE, Map.of(3, Leaf.DIMS));

  private final ProtobufFields in;
  private final Set<String> locations = new LinkedHashSet<>();
  private final ModelLimits size = new ModelLimits();
  private Body body = new Body();
  private long opset;
  private int graphs;

  ModelFileScanner(ProtobufFields in) {
    this.in = in;
  }

  Set<String> locations() {
    return locations;
  }

  /** Of the default domain. */
  long opset() {
    return opset;
  }

  ModelLimits size() {
    return size;
  }

  /** Reads the file to its end. */
  void model() throws IOException, ModelLoadException {
    Body main = body;
    message(Message.MODEL, 0, 0);
    if (graphs == 0) {
      throw invalid(
          "the file holds no ONNX graph; name the .onnx file itself, not an archive or a page about it");
    }
    size.checkNodes(main);
  }

  /**
   * Reads a message.
   *
   * @param nesting of graphs in graphs
   */
  private void message(Message kind, int depth, int nesting)
      throws IOException, ModelLoadException {
    if (depth > MAX_DEPTH) {
      throw invalid("the model is nested deeper than " + MAX_DEPTH + " levels");
    }
    Body outer = body;
    if (kind == Message.FUNCTION) {
      body = new Body();
    }
    Fields fields = new Fields();
    while (in.next()) {
      int field = in.field();
      Message child = in.delimited() ? CHILDREN.getOrDefault(kind, Map.of()).get(field) : null;
      if (child != null) {
        int inside = child == Message.GRAPH ? nesting + 1 : nesting;
        if (child == Message.GRAPH) {
          graphs++;
          ModelLimits.checkNesting(nesting);
        }
        var _ = in.message(() -> message(child, depth + 1, inside));
      } else if (kind == Message.GRAPH && nesting == 1 && (field == 11 || field == 12)) {
        size.port(field == 11);
        in.skip();
      } else if (!leaf(kind, field, fields)) {
        in.skip();
      }
    }
    end(kind, fields);
    body = outer;
  }

  /** What a message says itself, whatever the order. */
  private static final class Fields {
    private String name = "";
    private String domain = "";
    private String overload = "";
    private String value = "";
    private long number;
    private final ModelLimits.Dims dims = new ModelLimits.Dims();
  }

  /** Reads a field that matters; false for any other. */
  private boolean leaf(Message kind, int field, Fields fields)
      throws IOException, ModelLoadException {
    Leaf leaf = LEAVES.getOrDefault(kind, Map.of()).get(field);
    if (leaf == null || (leaf != Leaf.DIMS && in.delimited() == (leaf == Leaf.NUMBER))) {
      return false;
    }
    switch (leaf) {
      case NAME -> fields.name = in.text();
      case DOMAIN -> fields.domain = in.text();
      case OVERLOAD -> fields.overload = in.text();
      case VALUE -> fields.value = in.text();
      case NUMBER -> fields.number = in.number();
      case DIMS -> in.numbers(fields.dims::add);
    }
    return true;
  }

  private void end(Message kind, Fields fields) throws ModelLoadException {
    switch (kind) {
      case OPSET -> {
        if (fields.domain.isEmpty() || fields.domain.equals("ai.onnx")) {
          opset = Math.max(opset, fields.number);
        }
      }
      case NODE -> size.node(body, fields.domain, fields.name, fields.overload);
      case FUNCTION -> size.function(body, fields.domain, fields.name, fields.overload);
      case TENSOR -> size.tensor(fields.dims, (int) fields.number);
      case SPARSE -> size.sparse(fields.dims);
      case ENTRY -> {
        if (fields.name.equals("location")
            && locations.add(fields.value)
            && locations.size() > MAX_LOCATIONS) {
          throw invalid("the model names more than " + MAX_LOCATIONS + " files of external data");
        }
      }
      case MODEL, TRAINING, GRAPH, ATTRIBUTE -> {}
    }
  }

  private static ModelLoadException invalid(String message) {
    return new ModelLoadException(ModelLoadException.Kind.INVALID, message);
  }
}
