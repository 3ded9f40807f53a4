package dev.modelserver.server.inference;

import dev.modelserver.server.inference.InferenceFailure.DeadlineExceeded;
import dev.modelserver.server.inference.InferenceFailure.InvalidInput;
import dev.modelserver.server.inference.InferenceFailure.ModelFailed;
import dev.modelserver.server.inference.InferenceFailure.Overloaded;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.onnx.ModelRunException;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.RunControl;
import dev.modelserver.server.onnx.RunOutputs;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one way to run the model, for every protocol. Never more runs at once than threads; a bounded
 * number wait; a caller is answered at its deadline even when the run does not end.
 */
public final class InferenceService {

  /** Requests that may wait for a thread. */
  public static final int QUEUE_CAPACITY = 256;

  private final OnnxModel model;
  private final InputCheck check;
  private final RunObserver observer;
  private final StatisticsCounters counters = new StatisticsCounters();
  private final WorkerPool pool;
  private final Duration timeout;
  private final AtomicInteger stuck = new AtomicInteger();
  private final ScheduledExecutorService deadlines;

  /**
   * Starts the threads.
   *
   * @param timeout how long a caller waits at most
   * @param observer is told of every run
   */
  public InferenceService(
      OnnxModel model, Signature signature, int threads, Duration timeout, RunObserver observer) {
    this.model = model;
    this.check = new InputCheck(signature);
    this.observer = observer;
    this.pool = new WorkerPool(threads, QUEUE_CAPACITY);
    this.timeout = timeout;
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("deadlines").factory());
    timer.setRemoveOnCancelPolicy(true);
    this.deadlines = timer;
  }

  /**
   * Checks the request against the signature and queues a run. The future completes with outputs or
   * with an {@link InferenceException}, on a thread that must not be held up; cancelling it drops
   * the run, or ends it when it is under way.
   */
  public CompletableFuture<RunOutputs> infer(InferenceRequest request) {
    CompletableFuture<RunOutputs> answer = new CompletableFuture<>();
    String fault = check.fault(request);
    if (fault != null) {
      answer.completeExceptionally(new InferenceException(new InvalidInput(fault)));
      return answer;
    }
    Duration limit = request.within(timeout).timeout();
    Run run = new Run(request, limit == null ? timeout : limit, answer);
    try {
      pool.execute(run::execute);
      var timer = deadlines.schedule(run::expire, run.limit.toMillis(), TimeUnit.MILLISECONDS);
      var _ =
          answer.whenComplete(
              (outputs, failure) -> {
                timer.cancel(false);
                if (answer.isCancelled()) {
                  run.abandon();
                }
              });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(new InferenceException(new Overloaded(pool.waiting())));
    }
    return answer;
  }

  /** What was done since the start. */
  public ModelStatistics statistics() {
    return counters.snapshot();
  }

  /** Inferences that can run at once. */
  public int threads() {
    return pool.threads();
  }

  /** Requests that wait for a thread now. */
  public int waiting() {
    return pool.waiting();
  }

  /** Runs that go on after their deadline, each holding a thread. */
  public int stuck() {
    return stuck.get();
  }

  /** Whether every thread is held by a run that does not end: nothing can be answered any more. */
  public boolean exhausted() {
    return stuck() >= threads();
  }

  /**
   * Takes no more requests, waits for those accepted, then frees the model.
   *
   * @return whether everything ended in time
   */
  public boolean close(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    boolean idle = pool.close(patience);
    deadlines.shutdownNow();
    return model.close(Duration.ofNanos(Math.max(0, end - System.nanoTime()))) && idle;
  }

  private final class Run {
    private final InferenceRequest request;
    private final Duration limit;
    private final CompletableFuture<RunOutputs> answer;
    private final long queued = System.nanoTime();
    private final RunControl control = new RunControl();
    private boolean running;
    private boolean countedAsStuck;

    Run(InferenceRequest request, Duration limit, CompletableFuture<RunOutputs> answer) {
      this.request = request;
      this.limit = limit;
      this.answer = answer;
    }

    void execute() {
      if (!begin()) {
        return;
      }
      long waited = System.nanoTime() - queued;
      try {
        RunOutputs outputs = model.run(request.inputs(), request.outputs(), control);
        counters.ran(1, outputs.times());
        counters.succeeded(1, waited, System.nanoTime() - queued);
        observer.ran(waited, outputs.times().totalNanos(), 1);
        answer.complete(outputs);
      } catch (ModelRunException e) {
        counters.failed(System.nanoTime() - queued);
        String words = String.valueOf(e.getMessage());
        answer.completeExceptionally(
            new InferenceException(
                e.inputRefused()
                    ? new InvalidInput("the model refuses these inputs: " + words)
                    : new ModelFailed("the model failed: " + words)));
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(e);
        throw e;
      } finally {
        end();
      }
    }

    synchronized void expire() {
      if (answer.completeExceptionally(new InferenceException(new DeadlineExceeded(limit)))) {
        control.terminate();
        if (running) {
          countedAsStuck = true;
          stuck.incrementAndGet();
        }
      }
    }

    /** Nobody waits for the answer any more. */
    synchronized void abandon() {
      if (running) {
        control.terminate();
      }
    }

    private synchronized boolean begin() {
      // nobody waits for a run whose deadline passed in the queue
      running = !answer.isDone();
      return running;
    }

    private synchronized void end() {
      running = false;
      if (countedAsStuck) {
        stuck.decrementAndGet();
      }
    }
  }
}
