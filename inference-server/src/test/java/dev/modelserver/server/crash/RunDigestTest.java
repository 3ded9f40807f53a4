package dev.modelserver.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunDigestTest {

  private static final Digest MODEL = Digest.of(new byte[] {1});

  @Test
  void isTheSameWhereverTheValuesLie() {
    NumericTensor heap = floats(false, 1, 2, 3, 4);
    NumericTensor direct = floats(true, 1, 2, 3, 4);
    direct.data().position(4);
    Map<String, Tensor> reversed = new LinkedHashMap<>();
    reversed.put("y", texts("a", "b"));
    reversed.put("x", direct);

    assertThat(RunDigest.of(MODEL, Map.of("x", heap, "y", texts("a", "b"))))
        .isEqualTo(RunDigest.of(MODEL, reversed));
    assertThat(direct.data().position()).isEqualTo(4);
  }

  @Test
  void differsWithModelNameTypeShapeAndValue() {
    Shape square = Shape.of(2, 2);
    List<Map<String, Tensor>> all =
        List.of(
            Map.of("x", floats(false, 1, 2, 3, 4)),
            Map.of("y", floats(false, 1, 2, 3, 4)),
            Map.of("x", floats(false, 1, 2, 3, 5)),
            Map.of("x", floats(false, 0, 2, 3, 4)),
            Map.of("x", floats(false, -0f, 2, 3, 4)),
            Map.of("x", new NumericTensor(DataType.FP32, square, floats(false, 1, 2, 3, 4).data())),
            Map.of(
                "x",
                new NumericTensor(DataType.INT32, Shape.of(4), floats(false, 1, 2, 3, 4).data())),
            Map.of("x", texts("ab", "c")),
            Map.of("x", texts("a", "bc")),
            Map.of("x", texts("", "abc")),
            Map.of());

    Stream<Digest> digests =
        Stream.concat(
            all.stream().map(inputs -> RunDigest.of(MODEL, inputs)),
            Stream.of(RunDigest.of(Digest.of(new byte[] {2}), all.getFirst())));

    assertThat(digests.distinct()).hasSize(all.size() + 1);
  }

  private static NumericTensor floats(boolean direct, float... values) {
    int bytes = values.length * Float.BYTES;
    NumericTensor tensor =
        new NumericTensor(
            DataType.FP32,
            Shape.of(values.length),
            direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes));
    for (int i = 0; i < values.length; i++) {
      tensor.data().putFloat(i * Float.BYTES, values[i]);
    }
    return tensor;
  }

  private static StringTensor texts(String... values) {
    return new StringTensor(Shape.of(values.length), List.of(values));
  }
}
