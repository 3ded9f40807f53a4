package dev.modelserver.server.call;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ModelState;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.metrics.ModelMetrics;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tracing.RequestSpan;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The way of every inference request: state of the model, overload, deadline, translation, span,
 * run, metrics, answer. Whatever fails, the caller is answered, once; when the caller leaves, the
 * run ends.
 */
@Singleton
public final class InferenceCalls {

  private final CurrentModel current;
  private final ModelMetrics metrics;
  private final LargeBodies large;

  InferenceCalls(CurrentModel current, ModelMetrics metrics, LargeBodies large) {
    this.current = current;
    this.metrics = metrics;
    this.large = large;
  }

  /** Why a request can be refused before it is read; null: it must be read. */
  public @Nullable InferenceFailure overload() {
    return current.state() instanceof ModelState.Ready(ServedModel model)
        ? model.service().overload()
        : null;
  }

  /**
   * Answers a call that was received just now.
   *
   * @param onLoop whether it is read at once, on the event loop that this is called on
   */
  public void answer(InferenceCall<?> call, boolean onLoop) {
    long start = System.nanoTime();
    if (onLoop) {
      begin(call, start);
    } else if (!large.read(() -> begin(call, start), call::fail)) {
      call.fail(new InferenceException(new InferenceFailure.Overloaded(large.waiting())));
    }
  }

  private <A> void begin(InferenceCall<A> call, long start) {
    ServedModel model = current.ready().orElse(null);
    if (model == null) {
      call.fail(new InferenceException(InferenceFailure.NotReady.loading()));
      return;
    }
    metrics.begin();
    try {
      Duration timeout = call.timeout(start);
      Executor loop = call.eventLoop();
      if (loop == null) {
        giveUpIfLate(call, model.service().limit(timeout), start);
      }
      Translation<A> translation = call.read(model);
      InferenceRequest question = call.placed(translation.request().within(timeout));
      RequestSpan span = call.span();
      if (span != null) {
        span.model(model.identity());
        question = question.observedBy(span);
      }
      CompletableFuture<RunOutputs> run = model.service().infer(question, loop, start);
      if (!run.isDone()) {
        call.running(run);
        if (call.gone()) {
          // it was while the request was read
          run.cancel(false);
        }
      }
      var _ = run.whenComplete((outputs, thrown) -> end(call, translation, start, outputs, thrown));
    } catch (RequestException | InferenceException | RuntimeException | Error e) {
      metrics.end();
      call.fail(e);
    }
  }

  /** A request that is read away from the loop may have waited longer than its caller does. */
  private static void giveUpIfLate(InferenceCall<?> call, Duration limit, long start)
      throws InferenceException {
    if (call.gone()) {
      throw new CancellationException("the client has left");
    }
    if (System.nanoTime() - start >= limit.toNanos()) {
      throw new InferenceException(new InferenceFailure.DeadlineExceeded(limit));
    }
  }

  private <A> void end(
      InferenceCall<A> call,
      Translation<A> translation,
      long start,
      @Nullable RunOutputs outputs,
      @Nullable Throwable thrown) {
    metrics.end();
    if (outputs == null) {
      call.fail(thrown == null ? new IllegalStateException("a run without outputs") : thrown);
      return;
    }
    try {
      Runnable sending = call.sending(translation.answer(outputs));
      metrics.answered(call.protocol(), outputs, System.nanoTime() - start);
      sending.run();
    } catch (RequestException | InferenceException | RuntimeException | Error e) {
      call.fail(e);
    }
  }
}
