package dev.modelserver.server.inference;

import dev.modelserver.server.inference.Batching.Mode;
import dev.modelserver.server.inference.EmptyInputs.Decision;
import dev.modelserver.server.inference.InferenceFailure.InvalidInput;
import dev.modelserver.server.inference.InferenceFailure.Overloaded;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.PinnedBatch;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.onnx.SessionSettings;
import dev.modelserver.server.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one way to run the model, for every protocol. Never more runs at once than threads; a bounded
 * number wait; a caller is answered at its deadline even when the run does not end.
 */
public final class InferenceService {

  private final OnnxModel model;
  private final InputCheck check;
  private final @Nullable EmptyInputs empty;
  private final Batching batching;
  private final RunObserver observer;
  private final StatisticsCounters counters = new StatisticsCounters();
  private final Duration timeout;
  private final WorkerPool pool;
  private final int queueCapacity;
  private final List<BatchRunner> loopRunners = new CopyOnWriteArrayList<>();
  private final ThreadLocal<LoopBatch> loops = ThreadLocal.withInitial(this::loopBatch);
  private volatile boolean closed;

  /**
   * Starts the threads.
   *
   * @param batching how requests share runs
   * @param queueCapacity requests that may wait for a thread
   * @param timeout how long a caller waits at most
   * @param observer is told of every run
   */
  public InferenceService(
      OnnxModel model,
      Signature signature,
      Batching batching,
      int threads,
      int queueCapacity,
      Duration timeout,
      RunObserver observer) {
    this(model, signature, batching, threads, queueCapacity, timeout, observer, null);
  }

  /**
   * The same where empty tensors may end the process.
   *
   * @param empty decides on them; null: they are run
   */
  public InferenceService(
      OnnxModel model,
      Signature signature,
      Batching batching,
      int threads,
      int queueCapacity,
      Duration timeout,
      RunObserver observer,
      @Nullable EmptyInputs empty) {
    this.empty = empty;
    this.model = model;
    this.check = new InputCheck(signature);
    this.batching = batching;
    this.observer = observer;
    this.timeout = timeout;
    this.queueCapacity = queueCapacity;
    boolean shared = batching.mode() == Mode.QUEUE;
    this.pool =
        new WorkerPool(
            threads,
            new RequestQueue(queueCapacity, shared ? batching.maxRows() : 1, batching.maxDelay()),
            () -> runner(shared),
            counters,
            timeout);
  }

  /**
   * Checks the request against the signature and queues a run. The future completes with outputs or
   * with an {@link InferenceException}, on a thread that must not be held up; cancelling it drops
   * the run, or ends it when it is under way.
   */
  public CompletableFuture<RunOutputs> infer(InferenceRequest request) {
    return infer(request, null, System.nanoTime());
  }

  /**
   * The same for a request that came a moment ago, from an event loop, which may run a cheap model
   * itself.
   *
   * @param turn runs a task on the calling thread, once it has read what there is to read; null:
   *     the caller is no event loop
   * @param received when its last byte came, in {@link System#nanoTime}: its caller waits from then
   */
  public CompletableFuture<RunOutputs> infer(
      InferenceRequest request, @Nullable Executor turn, long received) {
    String fault = check.fault(request);
    if (fault != null) {
      return CompletableFuture.failedFuture(new InferenceException(new InvalidInput(fault)));
    }
    if (empty != null) {
      switch (empty.decide(request)) {
        case Decision.Run _ -> {}
        case Decision.Answer(RunOutputs outputs) -> {
          return CompletableFuture.completedFuture(outputs);
        }
        case Decision.Refuse(String message) -> {
          return CompletableFuture.failedFuture(new InferenceException(new InvalidInput(message)));
        }
      }
    }
    Pending pending = new Pending(request, rows(request), limit(request.timeout()), received);
    if (turn == null && pending.expire(System.nanoTime())) {
      // Reading it took longer than its caller waits.
      counters.failed(pending.waitedNanos(System.nanoTime()));
      return pending.answer();
    }
    if (turn != null
        && batching.mode() == Mode.EVENT_LOOP
        && pending.rows() > 0
        && pending.rows() <= batching.maxRows()
        && !closed) {
      loops.get().add(pending, turn);
    } else if (!pool.offer(pending)) {
      pending.fail(new Overloaded(pool.waiting()));
    }
    return pending.answer();
  }

  /**
   * Why a request would be refused now, whatever it asks: so it need not be read first. Null when
   * it would not, or when that depends on the request.
   */
  public @Nullable InferenceFailure overload() {
    return batching.mode() != Mode.EVENT_LOOP && pool.full()
        ? new Overloaded(pool.waiting())
        : null;
  }

  /**
   * How long a caller waits who asked for so long.
   *
   * @param asked null: as long as anybody may
   */
  public Duration limit(@Nullable Duration asked) {
    return asked == null || asked.compareTo(timeout) > 0 ? timeout : asked;
  }

  /** What the model takes, to refuse an input before its elements are read. */
  public InputCheck inputCheck() {
    return check;
  }

  /** Divisions of integers that can end the process: no guard could be added. */
  public List<String> unguardedDivisions() {
    return model.unguardedDivisions();
  }

  /** How requests share runs. */
  public Batching batching() {
    return batching;
  }

  /** What was done since the start. */
  public ModelStatistics statistics() {
    return counters.snapshot();
  }

  /** Inferences that can run at once. */
  public int threads() {
    return pool.threads();
  }

  /** How ONNX Runtime runs the model. */
  public SessionSettings settings() {
    return model.settings();
  }

  /** Requests that wait for a thread now. */
  public int waiting() {
    return pool.waiting();
  }

  /** Most requests that wait for a thread; one more is refused. */
  public int queueCapacity() {
    return queueCapacity;
  }

  /** Runs that go on for longer than anybody may wait, each holding a thread. */
  public int stuck() {
    return pool.stuck();
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
    closed = true;
    boolean idle = pool.close(patience);
    loopRunners.forEach(BatchRunner::close);
    return model.close(Duration.ofNanos(Math.max(0, end - System.nanoTime()))) && idle;
  }

  /** The rows of a request that could share a run; 0 when it cannot. */
  private int rows(InferenceRequest request) {
    if (batching.mode() == Mode.OFF || check.overrides(request)) {
      return 0;
    }
    long rows = -1;
    for (Tensor tensor : request.inputs().values()) {
      long dim = tensor.shape().dim(0);
      if (dim <= 0 || dim > batching.maxRows() || (rows >= 0 && dim != rows)) {
        return 0;
      }
      rows = dim;
    }
    return (int) rows;
  }

  private BatchRunner runner(boolean shared) {
    PinnedBatch pinned = shared ? PinnedBatch.of(model, batching.maxRows()).orElse(null) : null;
    return new BatchRunner(model, pinned, counters, observer);
  }

  private LoopBatch loopBatch() {
    BatchRunner runner = runner(true);
    loopRunners.add(runner);
    return new LoopBatch(runner);
  }
}
