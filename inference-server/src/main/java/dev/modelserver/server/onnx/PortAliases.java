package dev.modelserver.server.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.modelserver.server.graph.Graph;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.Place;
import dev.modelserver.server.graph.Value;
import dev.modelserver.server.graph.ZipMap;
import dev.modelserver.server.graph.edit.Message;
import dev.modelserver.server.graph.edit.ModelEdits;
import dev.modelserver.server.graph.edit.NodeWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Other names for inputs and outputs whose own ONNX Runtime's Java interface cannot say: it turns a
 * character beyond U+FFFF into six bytes instead of four. In the copy of the model in memory such
 * an input or output has an ASCII name, and an Identity node leads to the name in the graph.
 *
 * @param byName the other names, by the own
 */
record PortAliases(Map<String, String> byName) {

  static final PortAliases NONE = new PortAliases(Map.of());

  private static final int NODE = 1;
  private static final int INPUT = 11;
  private static final int OUTPUT = 12;
  private static final int NAME = 1;

  PortAliases {
    byName = Map.copyOf(byName);
  }

  /** Those that a model needs; null: its file could not be read. */
  static PortAliases of(@Nullable ModelGraph model) {
    if (model == null) {
      return NONE;
    }
    Graph graph = model.main();
    Map<String, String> aliases = new HashMap<>();
    for (Value input : graph.inputs()) {
      if (garbled(input.name()) && !graph.initializers().containsKey(input.name())) {
        aliases.put(input.name(), "modelserver_input_" + aliases.size());
      }
    }
    Set<String> maps = ZipMap.of(model).stream().map(ZipMap::output).collect(Collectors.toSet());
    for (Value output : graph.outputs()) {
      // A map is no value for an Identity; one that is both input and output has one name.
      if (garbled(output.name()) && !maps.contains(output.name())) {
        aliases.putIfAbsent(output.name(), "modelserver_output_" + aliases.size());
      }
    }
    Set<String> inputs = graph.inputs().stream().map(Value::name).collect(Collectors.toSet());
    boolean both = graph.outputs().stream().map(Value::name).anyMatch(inputs::contains);
    return aliases.isEmpty() || both ? NONE : new PortAliases(aliases);
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  /** The name under which ONNX Runtime knows an input or output. */
  String alias(String name) {
    return byName.getOrDefault(name, name);
  }

  /** The names under which ONNX Runtime knows these; the same set where it has no others. */
  Set<String> aliases(Set<String> names) {
    return byName.isEmpty() ? names : names.stream().map(this::alias).collect(Collectors.toSet());
  }

  /** The name in the file of what ONNX Runtime knows under this one. */
  String name(String alias) {
    for (Map.Entry<String, String> entry : byName.entrySet()) {
      if (entry.getValue().equals(alias)) {
        return entry.getKey();
      }
    }
    return alias;
  }

  /** What makes the file know the other names. */
  ModelEdits edits(Path file, ModelGraph model) throws IOException {
    ModelEdits edits = new ModelEdits();
    List<Place> main = List.of(model.main().place());
    Set<String> inputs = new HashSet<>();
    try (FileChannel in = FileChannel.open(file)) {
      for (Value input : model.main().inputs()) {
        String alias = byName.get(input.name());
        if (alias != null) {
          inputs.add(input.name());
          NodeWriter identity = new NodeWriter("Identity", List.of(alias), input.name());
          edits.replace(
              main, input.place(), renamed(in, input, INPUT, alias).concat(identity.field(NODE)));
        }
      }
      for (Value output : model.main().outputs()) {
        String alias = byName.get(output.name());
        if (alias != null && !inputs.contains(output.name())) {
          NodeWriter identity = new NodeWriter("Identity", List.of(output.name()), alias);
          edits.replace(
              main,
              output.place(),
              renamed(in, output, OUTPUT, alias).concat(identity.field(NODE)));
        }
      }
    }
    return edits;
  }

  /** The declaration of a value under another name. */
  private static ByteString renamed(FileChannel file, Value value, int field, String alias)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) (value.place().end() - value.place().content()));
    while (bytes.hasRemaining()
        && file.read(bytes, value.place().content() + bytes.position()) >= 0) {
      // Until all of it is read.
    }
    CodedInputStream in = CodedInputStream.newInstance(bytes.flip());
    return Message.field(
        field,
        Message.of(
            out -> {
              out.writeString(NAME, alias);
              for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                copy(in, tag, out);
              }
            }));
  }

  private static void copy(CodedInputStream in, int tag, CodedOutputStream out) throws IOException {
    int field = WireFormat.getTagFieldNumber(tag);
    // Type, documentation and metadata are all messages or texts.
    if (field == NAME || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      var _ = in.skipField(tag);
    } else {
      out.writeBytes(field, in.readBytes());
    }
  }

  /** Whether a name has a character that the Java interface changes. */
  private static boolean garbled(String name) {
    return name.chars().anyMatch(c -> c == 0 || Character.isSurrogate((char) c));
  }
}
