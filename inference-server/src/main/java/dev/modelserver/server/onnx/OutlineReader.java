package dev.modelserver.server.onnx;

import dev.modelserver.server.onnx.GraphOutline.Default;
import dev.modelserver.server.onnx.GraphOutline.Output;
import dev.modelserver.server.onnx.GraphOutline.ZipMap;
import dev.modelserver.server.onnx.Wire.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads ModelProto for a {@link GraphOutline};
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the numbers.
 */
final class OutlineReader {

  /** Before this version every weight had to be an input too, and none can be sent. */
  private static final int OVERRIDABLE_IR = 4;

  private final Wire in;
  private final List<Place> graphs = new ArrayList<>();
  private final Map<String, Output> outputs = new HashMap<>();
  private final List<ZipMap> zipMaps = new ArrayList<>();
  private final Map<String, Place> hints = new HashMap<>();
  private final List<ValueReader> inputs = new ArrayList<>();
  private final Set<String> initializers = new HashSet<>();
  private boolean plainOperators;
  private long ir;

  OutlineReader(Wire in) {
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
            .filter(input -> input.type() != 0 && initializers.contains(input.name()))
            .map(input -> new Default(input.name(), input.type(), input.dims()))
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
        case 5 -> {
          var _ = in.message(this::initializer);
        }
        case 11 -> {
          ValueReader value = ValueReader.ofTensor(in);
          var _ = in.message(value::read);
          inputs.add(value);
        }
        case 12 -> {
          ValueReader value = ValueReader.ofSequence(in);
          Place place = in.message(value::read);
          outputs.put(value.name(), new Output(place, value.type(), value.dims()));
        }
        case 13 -> {
          ValueReader value = ValueReader.ofSequence(in);
          Place place = in.message(value::read);
          hints.put(value.name(), place);
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
    NodeReader node = new NodeReader(in);
    Place place = in.message(node::read);
    node.zipMap(place).ifPresent(zipMaps::add);
  }
}
