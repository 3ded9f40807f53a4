package dev.modelserver.server.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.inference.InferenceFailure.InvalidInput;
import dev.modelserver.server.inference.InferenceFailure.ModelFailed;
import dev.modelserver.server.inference.InferenceFailure.NoMemory;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import dev.modelserver.server.tensor.TensorBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that a kernel rejects are the caller's error, once the model has answered others. */
class RejectionsTest {

  static Stream<Arguments> rejections() {
    return Stream.of(
        Arguments.of("rejects-category", texts("b"), texts("c"), "Unknown Category"),
        Arguments.of("rejects-text", word("1.5"), word("abc"), "send texts that are numbers"),
        Arguments.of("rejects-index", longs(2), longs(3), "idx=3"),
        Arguments.of("rejects-index", longs(2), longs(Long.MIN_VALUE), "idx=-9223372036854775808"),
        Arguments.of("rejects-size", floats(2), floats(3), "Input shape:{3,2}"));
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void blamesTheInputs(String model, Tensor right, Tensor wrong, String words) throws Exception {
    try (Served served = new Served(model)) {
      assertThat(served.service.infer(request(right)).join().tensors()).containsOnlyKeys("y");
      InferenceFailure failure = served.failure(wrong);

      assertThat(failure).isInstanceOf(InvalidInput.class);
      assertThat(failure.message())
          .startsWith("the model refuses these inputs: ")
          .contains("Name:'/model/layer.0/", words)
          .doesNotContain("onnxruntime", ".cc", ".h:");
      assertThat(served.service.infer(request(right)).join().tensors()).containsOnlyKeys("y");
    }
  }

  @Test
  void blamesAModelThatNeverAnswered() throws Exception {
    try (Served served = new Served("rejects-everything")) {
      assertThat(served.failure(floats(1))).isInstanceOf(ModelFailed.class);
      assertThat(served.model.everSucceeded()).isFalse();
    }
  }

  @Test
  void tellsMissingMemoryFromWrongInputs() throws Exception {
    try (Served served = new Served("rejects-memory")) {
      assertThat(served.service.infer(request(sizes(3))).join().tensors()).containsOnlyKeys("y");
      assertThat(served.failure(sizes(1L << 40))).isInstanceOf(NoMemory.class);
      assertThat(served.failure(sizes(-1))).isInstanceOf(InvalidInput.class);
      assertThat(served.failure(sizes(1L << 62))).isInstanceOf(InvalidInput.class);
    }
  }

  private static Tensor texts(String text) {
    return new StringTensor(Shape.of(1), List.of(text));
  }

  private static Tensor word(String text) {
    return new StringTensor(Shape.of(1, 1), List.of(text));
  }

  private static Tensor longs(long value) {
    return numbers(value, Shape.of(1, 1));
  }

  private static Tensor sizes(long value) {
    return numbers(value, Shape.of(1));
  }

  private static Tensor numbers(long value, Shape shape) {
    TensorBuilder builder = new TensorBuilder(DataType.INT64);
    assertThat(builder.addLong(value)).isTrue();
    return builder.build(shape);
  }

  private static Tensor floats(int rows) {
    TensorBuilder builder = new TensorBuilder(DataType.FP32);
    for (int i = 0; i < rows * 2; i++) {
      assertThat(builder.addDouble(i)).isTrue();
    }
    return builder.build(Shape.of(rows, 2));
  }

  private static InferenceRequest request(Tensor x) {
    return InferenceRequest.of(Map.of("x", x));
  }

  private static final class Served implements AutoCloseable {
    private final OnnxModel model;
    private final InferenceService service;

    Served(String name) throws Exception {
      model = OnnxModel.load(TestModels.file(name));
      service =
          new InferenceService(
              model,
              model.signature(List.of()),
              new Batching(Batching.Mode.OFF, 1, Duration.ZERO, "not tried"),
              1,
              10,
              Duration.ofSeconds(10),
              RunObserver.NONE);
    }

    InferenceFailure failure(Tensor x) {
      Throwable thrown = service.infer(request(x)).handle((outputs, failure) -> failure).join();
      assertThat(thrown).isInstanceOf(InferenceException.class);
      return ((InferenceException) thrown).failure();
    }

    @Override
    public void close() {
      assertThat(service.close(Duration.ofSeconds(10))).isTrue();
    }
  }
}
