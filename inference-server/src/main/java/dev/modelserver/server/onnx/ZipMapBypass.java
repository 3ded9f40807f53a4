package dev.modelserver.server.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.modelserver.server.graph.Graph;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.OnnxFileScan;
import dev.modelserver.server.graph.Place;
import dev.modelserver.server.graph.Value;
import dev.modelserver.server.graph.ZipMap;
import dev.modelserver.server.model.ModelLoadException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The same model without its ZipMaps: each becomes an Identity, and the output under its name the
 * plain tensor of the numbers. A map per row, made in native code and read from Java key by key,
 * costs more than most models that end in one. The file itself stays as it is; the changed model
 * exists only in memory, while it is loaded.
 */
final class ZipMapBypass {

  /** A model beyond this size is loaded as it is: for a moment it would take its size twice. */
  static final long MAX_BYTES = 256L << 20;

  private static final int GRAPH = 7;
  private static final int NODE = 1;
  private static final int OUTPUT = 12;
  private static final int FLOAT = 1;

  /** What stands in the place of a field. */
  private record Edit(Place place, ByteString content) {}

  private ZipMapBypass() {}

  /**
   * The bytes of the changed model, in memory of the arena; empty where the model has no ZipMap
   * whose numbers can be told apart, keeps data in other files or is too large.
   */
  static Optional<ByteBuffer> of(Path file, ModelGraph model, Arena arena)
      throws IOException, ModelLoadException {
    Graph graph = model.main();
    List<ZipMap> zipMaps = ZipMap.of(model);
    if (!model.opsets().containsKey("")
        || zipMaps.isEmpty()
        || !zipMaps.stream().allMatch(zipMap -> replaceable(graph, zipMap))
        || Files.size(file) > MAX_BYTES
        || !OnnxFileScan.of(file).externalLocations().isEmpty()) {
      return Optional.empty();
    }
    List<Edit> edits = new ArrayList<>();
    for (ZipMap zipMap : zipMaps) {
      edits.add(new Edit(zipMap.node().place(), identity(zipMap)));
      Value output = Graph.named(graph.outputs(), zipMap.output()).orElseThrow();
      edits.add(new Edit(output.place(), floats(zipMap)));
      Value hint = graph.values().get(zipMap.output());
      if (hint != null) {
        edits.add(new Edit(hint.place(), ByteString.EMPTY));
      }
    }
    edits.sort(Comparator.comparingLong(edit -> edit.place().start()));
    return Optional.of(edited(file, graph.place(), edits, arena));
  }

  private static boolean replaceable(Graph graph, ZipMap zipMap) {
    // of two columns with one label a map keeps only one
    List<Object> keys = zipMap.labels().keys();
    return Graph.named(graph.outputs(), zipMap.output()).isPresent()
        && new HashSet<>(keys).size() == keys.size();
  }

  private static ByteBuffer edited(Path file, Place graph, List<Edit> edits, Arena arena)
      throws IOException {
    long length = graph.end() - graph.content();
    for (Edit edit : edits) {
      length += edit.content().size() - (edit.place().end() - edit.place().start());
    }
    long edited = length;
    ByteString header =
        message(
            out -> {
              out.writeTag(GRAPH, WireFormat.WIRETYPE_LENGTH_DELIMITED);
              out.writeUInt64NoTag(edited);
            });
    try (FileChannel in = FileChannel.open(file)) {
      long total = graph.start() + header.size() + length + in.size() - graph.end();
      ByteBuffer out = arena.allocate(total).asByteBuffer();
      copy(in, 0, graph.start(), out);
      out.put(header.asReadOnlyByteBuffer());
      long from = graph.content();
      for (Edit edit : edits) {
        copy(in, from, edit.place().start(), out);
        out.put(edit.content().asReadOnlyByteBuffer());
        from = edit.place().end();
      }
      copy(in, from, in.size(), out);
      return out.flip();
    }
  }

  private static void copy(FileChannel in, long from, long to, ByteBuffer out) throws IOException {
    ByteBuffer target = out.slice(out.position(), Math.toIntExact(to - from));
    while (target.hasRemaining()) {
      if (in.read(target, from + target.position()) < 0) {
        throw new EOFException("the model file became shorter while it was read");
      }
    }
    out.position(out.position() + target.limit());
  }

  private static ByteString identity(ZipMap zipMap) throws IOException {
    ByteString node =
        message(
            out -> {
              out.writeString(1, zipMap.input());
              out.writeString(2, zipMap.output());
              out.writeString(4, "Identity");
            });
    return message(out -> out.writeBytes(NODE, node));
  }

  /** The output as a tensor of floats, one row per row, one column per label. */
  private static ByteString floats(ZipMap zipMap) throws IOException {
    ByteString columns = message(out -> out.writeInt64(1, zipMap.labels().keys().size()));
    ByteString shape =
        message(
            out -> {
              out.writeBytes(1, ByteString.EMPTY);
              out.writeBytes(1, columns);
            });
    ByteString tensor =
        message(
            out -> {
              out.writeInt32(1, FLOAT);
              out.writeBytes(2, shape);
            });
    ByteString type = message(out -> out.writeBytes(1, tensor));
    ByteString value =
        message(
            out -> {
              out.writeString(1, zipMap.output());
              out.writeBytes(2, type);
            });
    return message(out -> out.writeBytes(OUTPUT, value));
  }

  @FunctionalInterface
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static ByteString message(Fields fields) throws IOException {
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.write(out);
    out.flush();
    return bytes.toByteString();
  }
}
