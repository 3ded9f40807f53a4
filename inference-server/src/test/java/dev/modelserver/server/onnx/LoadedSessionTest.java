package dev.modelserver.server.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import com.google.protobuf.ByteString;
import dev.modelserver.server.TestModels;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.edit.ExternalWeights;
import dev.modelserver.server.graph.edit.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edited models whose weights do not fit into memory beside the file, or lie in other files. */
class LoadedSessionTest {

  private static final int COUNT = 1 << 18;

  /** Weights that begin at any byte of the file, as protobuf puts them. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void largeWeightsStayInTheFile(int shift, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.onnx");
    Files.write(file, withTable(shift));
    byte[] before = Files.readAllBytes(file);
    assertThat(ExternalWeights.of(file).size(file)).isLessThan(2000);

    LoadedSession loaded =
        LoadedSession.of(file, ModelGraph.of(file).orElseThrow(), SessionSettings.DEFAULT, 1 << 16);
    try (var session = loaded.session()) {
      assertThat(loaded.guarded()).hasSize(1);
      assertThat(loaded.unguarded()).isEmpty();
      long[] indexes = {0, 1, COUNT - 1};
      try (OnnxTensor x = OnnxTensor.createTensor(OnnxRuntime.environment(), indexes);
          var result = session.run(Map.of("x", x))) {
        assertThat((float[]) result.get(0).getValue()).containsExactly(0, 1, COUNT - 1);
      }
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void tellsWhatItCannotGuard(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.onnx");
    Files.write(file, withTable(0));
    LoadedSession loaded =
        LoadedSession.of(file, ModelGraph.of(file).orElseThrow(), SessionSettings.DEFAULT, 100);
    try (var _ = loaded.session()) {
      assertThat(loaded.guarded()).isEmpty();
      assertThat(loaded.unguarded()).containsExactly("the Div node of \"i\"");
    }
  }

  @Test
  void findsExternalDataBesideTheModel(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.onnx");
    Files.copy(TestModels.file("zipmap-external"), file);
    ModelGraph graph = ModelGraph.of(file).orElseThrow();
    assertThat(ZipMapBypass.of(graph).isEmpty()).isFalse();
    LoadedSession loaded =
        LoadedSession.of(TestModels.file("zipmap-external"), graph, SessionSettings.DEFAULT);
    try (var session = loaded.session()) {
      assertThat(session.getOutputInfo().values().toString()).doesNotContain("MapInfo");
    }
  }

  /** y = table[x / d], where d = -1 is computed by a Neg; the table begins later by the shift. */
  private static byte[] withTable(int shift) {
    ByteBuffer numbers = ByteBuffer.allocate(COUNT * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < COUNT; i++) {
      numbers.putFloat(i);
    }
    ByteString table =
        Message.of(
            out -> {
              out.writeInt64(1, COUNT);
              out.writeInt32(2, 1);
              out.writeString(8, "table");
              out.writeByteArray(9, numbers.array());
            });
    ByteString one =
        Message.of(
            out -> {
              out.writeInt32(2, 7);
              out.writeInt64(7, 1);
              out.writeString(8, "one");
            });
    ByteString graph =
        Message.of(
            out -> {
              out.writeBytes(1, node("Neg", "minus", "one"));
              out.writeBytes(1, node("Neg", "plus", "minus"));
              out.writeBytes(1, node("Div", "i", "x", "plus"));
              out.writeBytes(1, node("Gather", "y", "table", "i"));
              out.writeString(2, "g" + "_".repeat(shift));
              out.writeBytes(5, one);
              out.writeBytes(5, table);
              out.writeBytes(11, value("x", 7));
              out.writeBytes(12, value("y", 1));
            });
    ByteString opset = Message.of(out -> out.writeInt64(2, 17));
    return Message.of(
            out -> {
              out.writeInt64(1, 8);
              out.writeBytes(7, graph);
              out.writeBytes(8, opset);
            })
        .toByteArray();
  }

  private static ByteString node(String operator, String output, String... inputs) {
    return Message.of(
        out -> {
          for (String input : inputs) {
            out.writeString(1, input);
          }
          out.writeString(2, output);
          out.writeString(4, operator);
        });
  }

  private static ByteString value(String name, int type) {
    ByteString dim = Message.field(1, ByteString.EMPTY);
    ByteString tensor =
        Message.of(
            out -> {
              out.writeInt32(1, type);
              out.writeBytes(2, dim);
            });
    return Message.of(
        out -> {
          out.writeString(1, name);
          out.writeBytes(2, Message.field(1, tensor));
        });
  }
}
