package dev.modelserver.server.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDescription;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.RunControl;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.onnx.WarmUp;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick writer writes what the general one writes, or leaves it to it. */
class QuickAnswerTest {

  private static final int CASES = 500;
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

  @ParameterizedTest
  @ValueSource(
      strings = {"sklearn-zipmap", "sklearn-zipmap-strings", "lightgbm-zipmap", "xgboost-zipmap"})
  void writesWhatTheGeneralWriterWrites(String name) throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file(name));
    assertThat(WarmUp.run(model, Duration.ofSeconds(10))).isEmpty();
    ModelDescription description = model.description();
    ClassNames classes = ClassNames.of(description, model.labels().orElse(null));
    Signature signature = model.signature(classes.names());
    OutputRoles roles = OutputRoles.of(signature, classes.names().size());
    RowWriter general = new RowWriter(roles, classes, Integer.MAX_VALUE);
    ModelIdentity identity = new ModelIdentity("a \"name\"", "v1", Digest.of(new byte[0]));
    QuickAnswer quick = Objects.requireNonNull(QuickAnswer.of(roles, classes, identity, "pod"));
    Random random = new Random(3);
    for (int i = 0; i < CASES; i++) {
      int rows = 1 + random.nextInt(3);
      RunOutputs outputs = model.run(inputs(signature, rows, random), List.of(), new RunControl());
      boolean batch = rows > 1 || random.nextBoolean();
      double millis = random.nextInt(5000) / 1e3;

      assertThat(new String(written(quick, outputs, rows, batch, millis), StandardCharsets.UTF_8))
          .isEqualTo(
              new String(
                  AnswerText.write(general, outputs, rows, batch, NOW, millis, identity, "pod"),
                  StandardCharsets.UTF_8));
    }
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
  }

  private static byte[] written(
      QuickAnswer quick, RunOutputs outputs, int rows, boolean batch, double millis) {
    return Objects.requireNonNull(quick.write(outputs, rows, batch, NOW, millis)).toBytes();
  }

  private static Map<String, Tensor> inputs(Signature signature, int rows, Random random) {
    var input = signature.inputs().getFirst();
    NumericTensor tensor =
        NumericTensor.allocate(input.datatype(), Shape.of(rows, input.shape().elementsFrom(1)));
    while (tensor.data().hasRemaining()) {
      tensor.data().putFloat((float) random.nextGaussian() * 8);
    }
    tensor.data().rewind();
    return Map.of(input.name(), tensor);
  }
}
