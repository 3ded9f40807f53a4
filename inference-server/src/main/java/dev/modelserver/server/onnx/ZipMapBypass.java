package dev.modelserver.server.onnx;

import com.google.protobuf.ByteString;
import dev.modelserver.server.graph.Graph;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.Place;
import dev.modelserver.server.graph.Value;
import dev.modelserver.server.graph.ZipMap;
import dev.modelserver.server.graph.edit.Message;
import dev.modelserver.server.graph.edit.ModelEdits;
import dev.modelserver.server.graph.edit.NodeWriter;
import java.util.HashSet;
import java.util.List;

/**
 * The same model without its ZipMaps: each becomes an Identity, and the output under its name the
 * plain tensor of the numbers. A map per row, made in native code and read from Java key by key,
 * costs more than most models that end in one.
 */
final class ZipMapBypass {

  private static final int NODE = 1;
  private static final int OUTPUT = 12;
  private static final int OPSET_IMPORT = 8;
  private static final int FLOAT = 1;

  /** Of the default domain, where a model imports only others, as CatBoost's do. */
  private static final int DEFAULT_OPSET = 15;

  private ZipMapBypass() {}

  /** The edits; none where the model has no ZipMap, or one whose numbers cannot be told apart. */
  static ModelEdits of(ModelGraph model) {
    ModelEdits edits = new ModelEdits();
    Graph graph = model.main();
    List<ZipMap> zipMaps = ZipMap.of(model);
    if (zipMaps.stream().allMatch(zipMap -> replaceable(graph, zipMap))) {
      List<Place> main = List.of(graph.place());
      if (!zipMaps.isEmpty() && !model.opsets().containsKey("")) {
        long end = graph.place().end();
        edits.replace(List.of(), new Place(end, end, end), defaultDomain());
      }
      for (ZipMap zipMap : zipMaps) {
        edits.replace(main, zipMap.node().place(), identity(zipMap));
        Value output = Graph.named(graph.outputs(), zipMap.output()).orElseThrow();
        edits.replace(main, output.place(), floats(zipMap));
        Value hint = graph.values().get(zipMap.output());
        if (hint != null) {
          edits.replace(main, hint.place(), ByteString.EMPTY);
        }
      }
    }
    return edits;
  }

  private static boolean replaceable(Graph graph, ZipMap zipMap) {
    // of two columns with one label a map keeps only one
    List<Object> keys = zipMap.labels().keys();
    return Graph.named(graph.outputs(), zipMap.output()).isPresent()
        && new HashSet<>(keys).size() == keys.size();
  }

  private static ByteString defaultDomain() {
    return Message.field(OPSET_IMPORT, Message.of(out -> out.writeInt64(2, DEFAULT_OPSET)));
  }

  private static ByteString identity(ZipMap zipMap) {
    return new NodeWriter("Identity", List.of(zipMap.input()), zipMap.output()).field(NODE);
  }

  /** The output as a tensor of floats, one row per row, one column per label. */
  private static ByteString floats(ZipMap zipMap) {
    ByteString columns = Message.of(out -> out.writeInt64(1, zipMap.labels().keys().size()));
    ByteString shape =
        Message.of(
            out -> {
              out.writeBytes(1, ByteString.EMPTY);
              out.writeBytes(1, columns);
            });
    ByteString tensor =
        Message.of(
            out -> {
              out.writeInt32(1, FLOAT);
              out.writeBytes(2, shape);
            });
    ByteString value =
        Message.of(
            out -> {
              out.writeString(1, zipMap.output());
              out.writeBytes(2, Message.field(1, tensor));
            });
    return Message.field(OUTPUT, value);
  }
}
