package dev.modelserver.server.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.inference.Batching;
import dev.modelserver.server.inference.Batching.Mode;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.InferenceService;
import dev.modelserver.server.inference.RunObserver;
import dev.modelserver.server.onnx.ModelRunException;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.RunControl;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Models that are loaded, run and closed again and again while callers go on: a close under a run
 * would abort this JVM. {@code -Dunloads=1000} goes on for longer.
 */
class Unload {

  private static final String UNLOADED = "the model is being unloaded";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CALLERS = 3;

  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @Test
  void everyRunAnswersOrSaysThatTheModelGoes() throws Exception {
    int unloads = Integer.getInteger("unloads", 100);
    Mode[] modes = Mode.values();
    for (int i = 0; i < unloads; i++) {
      unload(i % 2 == 0 ? "scalar" : "matmul-chain", modes[i % modes.length]);
    }
    System.getLogger(Unload.class.getName())
        .log(
            System.Logger.Level.INFO,
            "unloads: {0}, {1} answers, {2} runs told that the model goes",
            Integer.toString(unloads),
            Integer.toString(answers.get()),
            Integer.toString(refusals.get()));
    assertThat(failures).isEmpty();
    assertThat(refusals.get()).isEqualTo(unloads * (2 * CALLERS + 1));
  }

  private void unload(String name, Mode mode) throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file(name));
    Batching batching = new Batching(mode, mode == Mode.OFF ? 1 : 8, Duration.ZERO, "tested");
    InferenceService service =
        new InferenceService(
            model,
            model.signature(List.of()),
            batching,
            2,
            2 * CALLERS + 1,
            PATIENCE,
            RunObserver.NONE);
    int before = answers.get();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(caller(() -> run(model)));
      callers.add(caller(() -> infer(service)));
    }
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> answers.get() > before + 2 * CALLERS || !failures.isEmpty());
    // one whose first request comes as the model goes
    callers.add(caller(() -> infer(service)));
    assertThat(service.close(PATIENCE)).as("%s is closed, %s", name, mode).isTrue();
    for (Thread caller : callers) {
      assertThat(caller.join(PATIENCE)).as("%s, %s: the caller has ended", name, mode).isTrue();
    }
  }

  /** A run that returns whether it had its answer. */
  @FunctionalInterface
  private interface Call {
    boolean answered() throws Exception;
  }

  /** Calls until it is refused. */
  private Thread caller(Call call) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                while (call.answered()) {
                  answers.incrementAndGet();
                }
                refusals.incrementAndGet();
              } catch (Exception | Error e) {
                failures.add(e);
              }
            });
  }

  private static boolean run(OnnxModel model) throws ModelRunException {
    try {
      check(model.run(input(), List.of(), new RunControl()).tensors());
      return true;
    } catch (ModelRunException e) {
      if (UNLOADED.equals(e.getMessage())) {
        return false;
      }
      throw e;
    }
  }

  private static boolean infer(InferenceService service) {
    try {
      check(
          service
              .infer(InferenceRequest.of(input()), Runnable::run, System.nanoTime())
              .join()
              .tensors());
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof InferenceException refusal
          && (refusal.failure() instanceof InferenceFailure.Overloaded
              || refusal.failure().message().endsWith(UNLOADED))) {
        return false;
      }
      throw e;
    }
  }

  private static Map<String, Tensor> input() {
    NumericTensor tensor = NumericTensor.allocate(DataType.FP32, Shape.of(1, 1));
    tensor.data().putFloat(0, 8);
    return Map.of("x", tensor);
  }

  /** Eight squared, and 64 times eight. */
  private static void check(Map<String, Tensor> outputs) {
    if (!(outputs.get("y") instanceof NumericTensor y)
        || (y.data().getFloat(0) != 64 && y.data().getFloat(0) != 512)) {
      throw new IllegalStateException("wrong answer: " + outputs);
    }
  }
}
