package dev.modelserver.server.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.inference.InferenceFailure.DeadlineExceeded;
import dev.modelserver.server.model.ModelLoadException;
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

/**
 * On the model that never ends when its input is positive, but between two nodes when it is told
 * to, and on one that computes for seconds in a single kernel, which nothing ends.
 */
class InferenceServiceTest {

  private static final int QUEUE_CAPACITY = 256;

  @Test
  void answersAtTheDeadlineAndTheThreadComesBack() throws ModelLoadException {
    InferenceService service = service(Duration.ofMillis(200));

    assertThat(failure(service.infer(endless()))).isInstanceOf(DeadlineExceeded.class);
    await().untilAsserted(() -> assertThat(service.stuck()).isZero());
    assertThat(service.infer(quick()).join().tensors()).containsKey("y");
    assertThat(service.close(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void refusesWhenTheQueueIsFull() throws ModelLoadException {
    InferenceService service = service(Duration.ofSeconds(2));
    List<CompletableFuture<RunOutputs>> accepted = new ArrayList<>();
    accepted.add(service.infer(endless()));
    await().until(() -> service.waiting() == 0);
    assertThat(service.overload()).isNull();
    for (int i = 0; i < QUEUE_CAPACITY; i++) {
      accepted.add(service.infer(quick()));
    }

    assertThat(service.overload()).isEqualTo(new InferenceFailure.Overloaded(QUEUE_CAPACITY));
    assertThat(failure(service.infer(quick())))
        .isEqualTo(new InferenceFailure.Overloaded(QUEUE_CAPACITY));
    assertThat(failure(accepted.getFirst())).isInstanceOf(DeadlineExceeded.class);
    await().until(() -> accepted.getLast().isDone());
    assertThat(service.overload()).isNull();
    assertThat(service.close(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void closingUnderARunWaitsForIt() throws ModelLoadException {
    InferenceService service = service(Duration.ofMillis(500));
    CompletableFuture<RunOutputs> running = service.infer(endless());

    assertThat(service.close(Duration.ofSeconds(10))).isTrue();
    assertThat(failure(running)).isInstanceOf(DeadlineExceeded.class);
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

    assertThat(failure(service.infer(quick()))).isInstanceOf(InferenceFailure.Overloaded.class);
  }

  /** Its probes would otherwise take a healthy server out of the Service. */
  @Test
  void aCallerOfLittlePatienceSaysNothingAboutTheThread() throws ModelLoadException {
    InferenceService service = service("kernel", Duration.ofMinutes(1));
    // later than the kernel begins, long before it ends
    InferenceRequest hasty = new InferenceRequest(input(5000), List.of(), Duration.ofMillis(500));

    CompletableFuture<RunOutputs> late = service.infer(hasty);
    CompletableFuture<RunOutputs> next = service.infer(quick());
    int stuck = 0;
    while (!next.isDone()) {
      stuck = Math.max(stuck, service.stuck());
    }

    assertThat(failure(late)).isEqualTo(new DeadlineExceeded(Duration.ofMillis(500)));
    assertThat(stuck).isZero();
    assertThat(service.close(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void aRunThatNothingEndsHoldsItsThreadAndIsToldOf() throws ModelLoadException {
    // long enough for the node before, after which the run could still be ended
    InferenceService service = service("kernel", Duration.ofSeconds(1));

    assertThat(failure(service.infer(InferenceRequest.of(input(7000)))))
        .isInstanceOf(DeadlineExceeded.class);
    await().until(service::exhausted);
    await().atMost(Duration.ofMinutes(2)).until(() -> !service.exhausted());
    assertThat(service.infer(quick()).join().tensors()).containsKey("y");
    assertThat(service.close(Duration.ofSeconds(10))).isTrue();
  }

  /** Also of those who waited in vain, on a thread or for one; each once. */
  @Test
  void countsFailures() throws ModelLoadException {
    InferenceService service = service(Duration.ofMillis(300));
    CompletableFuture<RunOutputs> running = service.infer(endless());
    CompletableFuture<RunOutputs> waiting = service.infer(endless());

    assertThat(failure(running)).isInstanceOf(DeadlineExceeded.class);
    assertThat(failure(waiting)).isInstanceOf(DeadlineExceeded.class);
    await().until(() -> service.statistics().fail().count() == 2);
    assertThat(service.infer(quick()).join().tensors()).containsKey("y");
    assertThat(service.statistics().success().count()).isEqualTo(1);
    assertThat(service.statistics().fail().count()).isEqualTo(2);
    assertThat(service.close(Duration.ofSeconds(10))).isTrue();
  }

  /** As for a large body, which waits to be read. */
  @Test
  void theWaitBeginsWhenTheRequestWasReceived() throws ModelLoadException {
    InferenceService service = service(Duration.ofMinutes(1));
    long longAgo = System.nanoTime() - Duration.ofMinutes(2).toNanos();

    assertThat(failure(service.infer(endless(), null, longAgo)))
        .isInstanceOf(DeadlineExceeded.class);
    assertThat(service.close(Duration.ofSeconds(10))).isTrue();
  }

  private static InferenceRequest quick() {
    return InferenceRequest.of(input(0));
  }

  private static InferenceRequest endless() {
    return InferenceRequest.of(input(1));
  }

  private static InferenceService service(Duration timeout) throws ModelLoadException {
    return service("endless", timeout);
  }

  private static InferenceService service(String name, Duration timeout) throws ModelLoadException {
    OnnxModel model = OnnxModel.load(TestModels.file(name));
    return new InferenceService(
        model,
        model.signature(List.of()),
        new Batching(Batching.Mode.OFF, 1, Duration.ZERO, "not tried"),
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
