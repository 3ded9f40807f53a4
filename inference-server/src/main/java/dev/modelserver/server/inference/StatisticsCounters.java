package dev.modelserver.server.inference;

import dev.modelserver.server.inference.ModelStatistics.Batch;
import dev.modelserver.server.inference.ModelStatistics.Total;
import dev.modelserver.server.onnx.RunTimes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Adds up {@link ModelStatistics}. */
final class StatisticsCounters {

  /** Beyond it, sizes are rounded up to a power of two, so that the list stays short. */
  private static final int EXACT_ROWS = 64;

  private volatile long lastInferenceMillis;
  private final LongAdder inferences = new LongAdder();
  private final Counter executions = new Counter();
  private final Counter success = new Counter();
  private final Counter fail = new Counter();
  private final Counter queue = new Counter();
  private final Counter input = new Counter();
  private final Counter infer = new Counter();
  private final Counter output = new Counter();
  private final Map<Integer, Counter> batches = new ConcurrentSkipListMap<>();

  /** A run of {@code rows} rows ended well. */
  void ran(int rows, RunTimes times) {
    executions.add(times.inferNanos());
    input.add(times.inputNanos());
    infer.add(times.inferNanos());
    output.add(times.outputNanos());
    int bucket = rows <= EXACT_ROWS ? rows : Integer.highestOneBit(rows - 1) << 1;
    batches.computeIfAbsent(bucket, size -> new Counter()).add(times.inferNanos());
  }

  /** A request got its outputs. */
  void succeeded(int rows, long queueNanos, long totalNanos) {
    inferences.add(rows);
    queue.add(queueNanos);
    success.add(totalNanos);
    lastInferenceMillis = System.currentTimeMillis();
  }

  /** A request that had been accepted failed. */
  void failed(long totalNanos) {
    fail.add(totalNanos);
  }

  ModelStatistics snapshot() {
    List<Batch> sizes =
        batches.entrySet().stream()
            .map(entry -> new Batch(entry.getKey(), entry.getValue().total()))
            .toList();
    return new ModelStatistics(
        lastInferenceMillis,
        inferences.sum(),
        executions.total().count(),
        success.total(),
        fail.total(),
        queue.total(),
        input.total(),
        infer.total(),
        output.total(),
        sizes);
  }

  private static final class Counter {
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    void add(long time) {
      count.increment();
      nanos.add(time);
    }

    Total total() {
      return new Total(count.sum(), nanos.sum());
    }
  }
}
