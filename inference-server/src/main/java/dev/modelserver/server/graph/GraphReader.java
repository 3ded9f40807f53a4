package dev.modelserver.server.graph;

import dev.modelserver.server.model.ModelLoadException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ModelProto as a {@link ModelGraph};
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the numbers.
 */
final class GraphReader {

  private final ProtobufFields in;

  /** What is left for metadata, a list of class names above all. */
  private int metadataBytes = 8 << 20;

  GraphReader(ProtobufFields in) {
    this.in = in;
  }

  ModelGraph model() throws IOException, ModelLoadException {
    long ir = 0;
    Map<String, Long> opsets = new HashMap<>();
    Map<String, ModelGraph.Function> functions = new HashMap<>();
    Map<String, String> metadata = new HashMap<>();
    Graph main = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> ir = in.number();
        case 7 -> {
          if (main != null) {
            throw invalid("the main graph lies in several pieces");
          }
          main = graph();
        }
        case 8 -> opset(opsets);
        case 14 -> entry(metadata);
        case 25 -> function(functions);
        default -> in.skip();
      }
    }
    if (main == null) {
      throw invalid("the file holds no graph");
    }
    return new ModelGraph(ir, opsets, main, functions, metadata);
  }

  /** Reads an entry of the metadata; one that is too long is passed over. */
  private void entry(Map<String, String> into) throws IOException, ModelLoadException {
    byte[][] entry = {{}, {}};
    boolean[] tooLong = {false};
    var _ =
        in.message(
            () -> {
              while (in.next()) {
                if (in.field() == 1 || in.field() == 2) {
                  Optional<byte[]> bytes = in.bytes(metadataBytes);
                  entry[in.field() - 1] = bytes.orElse(entry[in.field() - 1]);
                  tooLong[0] |= bytes.isEmpty();
                } else {
                  in.skip();
                }
              }
            });
    if (!tooLong[0]) {
      metadataBytes -= entry[1].length;
      into.put(
          new String(entry[0], StandardCharsets.UTF_8),
          new String(entry[1], StandardCharsets.UTF_8));
    }
  }

  /** The graph in the field that the reader stands at. */
  Graph graph() throws IOException, ModelLoadException {
    List<Node> nodes = new ArrayList<>();
    Map<String, Constant> initializers = new HashMap<>();
    List<String> sparse = new ArrayList<>();
    List<Value> inputs = new ArrayList<>();
    List<Value> outputs = new ArrayList<>();
    Map<String, Value> values = new HashMap<>();
    Place place =
        in.message(
            () -> {
              while (in.next()) {
                switch (in.field()) {
                  case 1 -> nodes.add(node());
                  case 5 -> {
                    ConstantReader constant = ConstantReader.read(in);
                    initializers.put(constant.name(), constant.constant());
                  }
                  case 11 -> inputs.add(value());
                  case 12 -> outputs.add(value());
                  case 13 -> {
                    Value value = value();
                    values.put(value.name(), value);
                  }
                  case 15 -> sparse(sparse);
                  default -> in.skip();
                }
              }
            });
    return new Graph(nodes, initializers, sparse, inputs, outputs, values, place);
  }

  private void sparse(List<String> into) throws IOException, ModelLoadException {
    var _ =
        in.message(
            () -> {
              while (in.next()) {
                if (in.field() == 1 && in.delimited()) {
                  into.add(ConstantReader.read(in).name());
                } else {
                  in.skip();
                }
              }
            });
  }

  private Node node() throws IOException, ModelLoadException {
    NodeFields fields = new NodeFields();
    Place place = in.message(fields::read);
    return new Node(
        plain(fields.domain),
        fields.operator,
        fields.overload,
        fields.name,
        fields.inputs,
        fields.outputs,
        fields.attributes,
        place);
  }

  /** The fields of a NodeProto, in whatever order they come. */
  private final class NodeFields {
    private final List<String> inputs = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private final Map<String, Attribute> attributes = new HashMap<>();
    private String name = "";
    private String operator = "";
    private String domain = "";
    private String overload = "";

    void read() throws IOException, ModelLoadException {
      while (in.next()) {
        switch (in.field()) {
          case 1 -> inputs.add(in.text());
          case 2 -> outputs.add(in.text());
          case 3 -> name = in.text();
          case 4 -> operator = in.text();
          case 5 -> attribute(attributes);
          case 7 -> domain = in.text();
          case 8 -> overload = in.text();
          default -> in.skip();
        }
      }
    }
  }

  private void attribute(Map<String, Attribute> into) throws IOException, ModelLoadException {
    AttributeReader attribute = new AttributeReader(in, this);
    Place place = in.message(attribute::read);
    into.put(attribute.name(), attribute.attribute(place));
  }

  private Value value() throws IOException, ModelLoadException {
    ValueFields fields = new ValueFields();
    Place place = in.message(fields::read);
    return new Value(fields.name, fields.type == null ? new ValueType.Other() : fields.type, place);
  }

  /** The fields of a ValueInfoProto. */
  private final class ValueFields {
    private String name = "";
    private @Nullable ValueType type;

    void read() throws IOException, ModelLoadException {
      while (in.next()) {
        switch (in.field()) {
          case 1 -> name = in.text();
          case 2 -> type = TypeReader.read(in);
          default -> in.skip();
        }
      }
    }
  }

  private void opset(Map<String, Long> into) throws IOException, ModelLoadException {
    String[] domain = {""};
    long[] version = {0};
    var _ =
        in.message(
            () -> {
              while (in.next()) {
                switch (in.field()) {
                  case 1 -> domain[0] = in.text();
                  case 2 -> version[0] = in.number();
                  default -> in.skip();
                }
              }
            });
    into.put(plain(domain[0]), version[0]);
  }

  private void function(Map<String, ModelGraph.Function> into)
      throws IOException, ModelLoadException {
    FunctionFields fields = new FunctionFields();
    Place place = in.message(fields::read);
    into.put(
        ModelGraph.key(plain(fields.domain), fields.name, fields.overload),
        new ModelGraph.Function(
            fields.inputs, fields.outputs, fields.nodes, fields.defaults, fields.opsets, place));
  }

  /** The fields of a FunctionProto. */
  private final class FunctionFields {
    private final List<String> inputs = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Attribute> defaults = new HashMap<>();
    private final Map<String, Long> opsets = new HashMap<>();
    private String name = "";
    private String domain = "";
    private String overload = "";

    void read() throws IOException, ModelLoadException {
      while (in.next()) {
        switch (in.field()) {
          case 1 -> name = in.text();
          case 4 -> inputs.add(in.text());
          case 5 -> outputs.add(in.text());
          case 7 -> nodes.add(node());
          case 9 -> opset(opsets);
          case 10 -> domain = in.text();
          case 11 -> attribute(defaults);
          case 13 -> overload = in.text();
          default -> in.skip();
        }
      }
    }
  }

  /** The default domain under its one name. */
  private static String plain(String domain) {
    return domain.equals("ai.onnx") ? "" : domain;
  }

  private static ModelLoadException invalid(String message) {
    return new ModelLoadException(ModelLoadException.Kind.INVALID, message);
  }
}
