package dev.modelserver.server.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.onnx.ModelLoadException;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** On the model that never ends when its input is positive. */
class InferenceServiceTest {

  private static final int QUEUE_CAPACITY = 256;

  private static final InferenceRequest QUICK = InferenceRequest.of(input(0));
  private static final InferenceRequest ENDLESS = InferenceRequest.of(input(1));

  @Test
  void answersAtTheDeadlineAndTheThreadComesBack() throws ModelLoadException {
    InferenceService service = service(Duration.ofMillis(200));

    assertThat(failure(service.infer(ENDLESS)))
        .isInstanceOf(InferenceFailure.DeadlineExceeded.class);
    await().untilAsserted(() -> assertThat(service.stuck()).isZero());
    assertThat(service.infer(QUICK).join().tensors()).containsKey("y");
    assertThat(service.close(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void refusesWhenTheQueueIsFull() throws ModelLoadException {
    InferenceService service = service(Duration.ofSeconds(2));
    List<CompletableFuture<RunOutputs>> accepted = new ArrayList<>();
    accepted.add(service.infer(ENDLESS));
    await().until(() -> service.waiting() == 0);
    assertThat(service.overload()).isNull();
    for (int i = 0; i < QUEUE_CAPACITY; i++) {
      accepted.add(service.infer(QUICK));
    }

    assertThat(service.overload()).isEqualTo(new InferenceFailure.Overloaded(QUEUE_CAPACITY));
    assertThat(failure(service.infer(QUICK)))
        .isEqualTo(new InferenceFailure.Overloaded(QUEUE_CAPACITY));
    assertThat(failure(accepted.getFirst())).isInstanceOf(InferenceFailure.DeadlineExceeded.class);
    await().until(() -> accepted.getLast().isDone());
    assertThat(service.overload()).isNull();
    assertThat(service.close(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void closingUnderARunWaitsForIt() throws ModelLoadException {
    InferenceService service = service(Duration.ofMillis(500));
    CompletableFuture<RunOutputs> running = service.infer(ENDLESS);

    assertThat(service.close(Duration.ofSeconds(10))).isTrue();
    assertThat(failure(running)).isInstanceOf(InferenceFailure.DeadlineExceeded.class);
  }

  @Test
  void tellsInputsThatDoNotFit() throws ModelLoadException {
    InferenceService service = service(Duration.ofSeconds(2));
    Tensor wide = NumericTensor.allocate(DataType.FP32, Shape.of(1, 3));

    assertThat(failure(service.infer(InferenceRequest.of(Map.of("x", wide)))))
        .isInstanceOf(InferenceFailure.InvalidInput.class);
    assertThat(service.close(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void answersAfterItsEndToo() throws ModelLoadException {
    InferenceService service = service(Duration.ofSeconds(2));
    assertThat(service.close(Duration.ofSeconds(10))).isTrue();

    assertThat(failure(service.infer(QUICK))).isInstanceOf(InferenceFailure.Overloaded.class);
  }

  private static InferenceService service(Duration timeout) throws ModelLoadException {
    OnnxModel model = OnnxModel.load(TestModels.file("endless"));
    return new InferenceService(
        model,
        model.signature(List.of()),
        Batching.off("not tried"),
        1,
        QUEUE_CAPACITY,
        timeout,
        RunObserver.NONE);
  }

  private static Map<String, Tensor> input(float value) {
    NumericTensor tensor = NumericTensor.allocate(DataType.FP32, Shape.of(1, 1));
    tensor.data().putFloat(0, value);
    return Map.of("x", tensor);
  }

  private static InferenceFailure failure(CompletableFuture<RunOutputs> answer) {
    Throwable thrown = answer.handle((outputs, failure) -> failure).join();
    assertThat(thrown).isInstanceOf(InferenceException.class);
    return ((InferenceException) thrown).failure();
  }
}
