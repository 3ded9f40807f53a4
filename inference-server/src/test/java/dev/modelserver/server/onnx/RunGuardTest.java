package dev.modelserver.server.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunGuardTest {

  private static final RunGuard REFUSE =
      inputs -> {
        throw new RunRefusedException("not these");
      };

  private final List<Object> events = new ArrayList<>();
  private OnnxModel model;

  @BeforeEach
  void load() throws ModelLoadException {
    model = OnnxModel.load(TestModels.file("linear"));
    model.guardedBy(
        inputs -> {
          events.add(inputs.getOrDefault("x", row()));
          return () -> events.add("end");
        });
  }

  @AfterEach
  void close() {
    var _ = model.close(Duration.ofSeconds(5));
  }

  @Test
  void isAskedBeforeARunAndToldOfItsEnd() throws ModelRunException {
    var _ = model.run(Map.of("x", row(1, 2)), List.of(), new RunControl());

    assertThat(events).containsExactly(row(1, 2), "end");
  }

  @Test
  void isToldOfTheEndOfARunThatFails() {
    NumericTensor wide = NumericTensor.allocate(DataType.FP32, Shape.of(1, 3));

    assertThatThrownBy(() -> model.run(Map.of("x", wide), List.of(), new RunControl()))
        .isInstanceOf(ModelRunException.class);
    assertThat(events).containsExactly(wide, "end");
  }

  @Test
  void seesTheRowsOfASharedRun() throws ModelRunException {
    try (PinnedBatch batch = PinnedBatch.of(model, 4).orElseThrow()) {
      batch.put(0, Map.of("x", row(1, 2)));
      batch.put(1, Map.of("x", row(3, 4)));
      var _ = batch.run(2, List.of(), null);
    }

    NumericTensor both = NumericTensor.allocate(DataType.FP32, Shape.of(2, 2));
    for (int i = 0; i < 4; i++) {
      both.data().putFloat(i * 4, i + 1);
    }
    assertThat(events).containsExactly(both, "end");
  }

  @Test
  void refusesARun() {
    model.guardedBy(REFUSE);
    Map<String, Tensor> inputs = Map.of("x", row(1, 2));

    assertThatThrownBy(() -> model.run(inputs, List.of(), new RunControl()))
        .isInstanceOf(RunRefusedException.class)
        .hasMessage("not these");
    try (PinnedBatch batch = PinnedBatch.of(model, 4).orElseThrow()) {
      batch.put(0, inputs);
      assertThatThrownBy(() -> batch.run(1, List.of(), null))
          .isInstanceOf(RunRefusedException.class);
    }
  }

  private static NumericTensor row(float... values) {
    NumericTensor row = NumericTensor.allocate(DataType.FP32, Shape.of(1, values.length));
    for (int i = 0; i < values.length; i++) {
      row.data().putFloat(i * 4, values[i]);
    }
    return row;
  }
}
