package dev.modelserver.server.onnx;

import dev.modelserver.server.onnx.Wire.Place;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the file says of a model's outputs and ONNX Runtime's Java interface does not: the labels of
 * a ZipMap in the order of its numbers, the element type of a sequence, and where both stand.
 *
 * @param graph the place of the main graph; null when it lies in several pieces
 * @param plainOperators whether the model imports the operators of the default domain
 * @param outputs of the main graph
 * @param zipMaps of the main graph
 * @param defaults inputs of the main graph that have a default and may be sent all the same, in its
 *     order
 * @param hints places of types written down for values inside the graph, by name
 */
record GraphOutline(
    @Nullable Place graph,
    boolean plainOperators,
    Map<String, Output> outputs,
    List<ZipMap> zipMaps,
    List<Default> defaults,
    Map<String, Place> hints) {

  /**
   * An output as the file declares it.
   *
   * @param sequenceOf number of the element type when it is a sequence of tensors, else 0
   * @param dims of the tensors of that sequence; null when it does not tell them, -1 for one that
   *     varies
   */
  record Output(Place place, int sequenceOf, @Nullable List<Long> dims) {}

  /**
   * An input that is a tensor and has a default.
   *
   * @param type number of the element type
   * @param dims null when it does not tell them, -1 for one that varies
   */
  record Default(String name, int type, @Nullable List<Long> dims) {}

  /** A node that makes a map of each row: the numbers come as {@code input}, named by position. */
  record ZipMap(Place place, String input, String output, MapLabels labels) {}

  /** Of a model whose file cannot be read this way. */
  static final GraphOutline UNKNOWN =
      new GraphOutline(null, false, Map.of(), List.of(), List.of(), Map.of());

  /** Before this version every weight had to be an input too, and none can be sent. */
  private static final int OVERRIDABLE_IR = 4;

  private static final String ML = "ai.onnx.ml";

  /** Reads a file; what cannot be read is {@link #UNKNOWN}: ONNX Runtime has the better words. */
  static GraphOutline of(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return new Walk(new Wire(in)).model();
    } catch (IOException | ModelLoadException e) {
      return UNKNOWN;
    }
  }

  /** The labels of an output that a ZipMap gives. */
  Optional<MapLabels> labels(String output) {
    return zipMaps.stream()
        .filter(zipMap -> zipMap.output().equals(output))
        .map(ZipMap::labels)
        .findFirst();
  }

  /** Reads ModelProto; https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the numbers. */
  private static final class Walk {
    private final Wire in;
    private final List<Place> graphs = new ArrayList<>();
    private final Map<String, Output> outputs = new HashMap<>();
    private final List<ZipMap> zipMaps = new ArrayList<>();
    private final Map<String, Place> hints = new HashMap<>();
    private final List<Value> inputs = new ArrayList<>();
    private final Set<String> initializers = new HashSet<>();
    private boolean plainOperators;
    private long ir;

    Walk(Wire in) {
      this.in = in;
    }

    GraphOutline model() throws IOException, ModelLoadException {
      while (in.next()) {
        switch (in.field()) {
          case 1 -> ir = in.number();
          case 7 -> graphs.add(in.message(this::graph));
          case 8 -> {
            var _ = in.message(this::operators);
          }
          default -> in.skip();
        }
      }
      return new GraphOutline(
          graphs.size() == 1 ? graphs.getFirst() : null,
          plainOperators,
          outputs,
          zipMaps,
          defaults(),
          hints);
    }

    private List<Default> defaults() {
      return ir < OVERRIDABLE_IR
          ? List.of()
          : inputs.stream()
              .filter(input -> input.type != 0 && initializers.contains(input.name))
              .map(input -> new Default(input.name, input.type, input.dims))
              .toList();
    }

    private void operators() throws IOException, ModelLoadException {
      String domain = "";
      while (in.next()) {
        if (in.field() == 1) {
          domain = in.text();
        } else {
          in.skip();
        }
      }
      plainOperators |= domain.isEmpty() || domain.equals("ai.onnx");
    }

    private void graph() throws IOException, ModelLoadException {
      while (in.next()) {
        switch (in.field()) {
          case 1 -> node();
          case 5 -> inside(this::initializer);
          case 11 -> {
            Value value = new Value(TENSOR);
            inside(value::read);
            inputs.add(value);
          }
          case 12 -> {
            Value value = new Value(SEQUENCE);
            Place place = in.message(value::read);
            outputs.put(value.name, new Output(place, value.type, value.dims));
          }
          case 13 -> {
            Value value = new Value(SEQUENCE);
            Place place = in.message(value::read);
            hints.put(value.name, place);
          }
          default -> in.skip();
        }
      }
    }

    private void initializer() throws IOException, ModelLoadException {
      while (in.next()) {
        if (in.field() == 8 && in.delimited()) {
          initializers.add(in.text());
        } else {
          in.skip();
        }
      }
    }

    private void node() throws IOException, ModelLoadException {
      Node node = new Node();
      Place place = in.message(node::read);
      if (node.operator.equals("ZipMap")
          && node.domain.equals(ML)
          && node.inputs.size() == 1
          && node.outputs.size() == 1
          && !node.labels.isEmpty()) {
        zipMaps.add(
            new ZipMap(
                place,
                node.inputs.getFirst(),
                node.outputs.getFirst(),
                new MapLabels(node.labels)));
      }
    }

    private final class Node {
      private final List<String> inputs = new ArrayList<>();
      private final List<String> outputs = new ArrayList<>();
      private final List<Object> labels = new ArrayList<>();
      private String operator = "";
      private String domain = "";

      void read() throws IOException, ModelLoadException {
        while (in.next()) {
          switch (in.field()) {
            case 1 -> inputs.add(in.text());
            case 2 -> outputs.add(in.text());
            case 4 -> operator = in.text();
            case 7 -> domain = in.text();
            // every exporter writes the operator first; attributes of others can be large
            case 5 -> {
              if (operator.equals("ZipMap")) {
                var _ = in.message(this::labels);
              } else {
                in.skip();
              }
            }
            default -> in.skip();
          }
        }
      }

      private void labels() throws IOException, ModelLoadException {
        while (in.next()) {
          switch (in.field()) {
            case 8 -> in.numbers(labels::add);
            case 9 -> labels.add(in.text());
            default -> in.skip();
          }
        }
      }
    }

    /** Of the kinds of a TypeProto. */
    private static final int TENSOR = 1;

    private static final int SEQUENCE = 4;

    /** A ValueInfoProto: name, and type if it is of one kind. */
    private final class Value {
      private final int kind;
      private String name = "";
      private int type;
      private @Nullable List<Long> dims;

      Value(int kind) {
        this.kind = kind;
      }

      void read() throws IOException, ModelLoadException {
        while (in.next()) {
          switch (in.field()) {
            case 1 -> name = in.text();
            case 2 -> inside(() -> only(kind, kind == TENSOR ? this::tensor : this::sequence));
            default -> in.skip();
          }
        }
      }

      private void sequence() throws IOException, ModelLoadException {
        only(1, () -> only(1, this::tensor));
      }

      private void tensor() throws IOException, ModelLoadException {
        while (in.next()) {
          switch (in.field()) {
            case 1 -> type = (int) in.number();
            case 2 -> {
              List<Long> sizes = new ArrayList<>();
              dims = sizes;
              inside(() -> only(1, () -> sizes.add(dim())));
            }
            default -> in.skip();
          }
        }
      }

      private long dim() throws IOException, ModelLoadException {
        long size = -1;
        while (in.next()) {
          if (in.field() == 1 && !in.delimited()) {
            size = in.number();
          } else {
            in.skip();
          }
        }
        return size;
      }
    }

    private void inside(Wire.Reader reader) throws IOException, ModelLoadException {
      var _ = in.message(reader);
    }

    /** Goes into every field of this number and passes over the others. */
    private void only(int field, Wire.Reader reader) throws IOException, ModelLoadException {
      while (in.next()) {
        if (in.field() == field && in.delimited()) {
          inside(reader);
        } else {
          in.skip();
        }
      }
    }
  }
}
