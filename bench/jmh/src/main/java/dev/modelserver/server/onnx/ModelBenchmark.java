package dev.modelserver.server.onnx;

import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One row through the server's own two ways to run a model. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ModelBenchmark {

  /** A file of the folder that the system property {@code bench.models} names. */
  @Param({"linear", "iris-v1.0", "mlp"})
  public String model = "";

  private @Nullable OnnxModel loaded;
  private @Nullable PinnedBatch pinned;
  private Map<String, Tensor> row = Map.of();

  /** Loads the model. */
  @Setup
  public void load() throws ModelLoadException {
    OnnxModel file = OnnxModel.load(Path.of(System.getProperty("bench.models"), model + ".onnx"));
    loaded = file;
    TensorSpec input = file.signature(List.of()).inputs().getFirst();
    row =
        Map.of(
            input.name(),
            NumericTensor.allocate(input.datatype(), Shape.of(1, input.shape().dim(1))));
    pinned = PinnedBatch.of(file, 1).orElseThrow();
  }

  /** Frees what was loaded. */
  @TearDown
  public void close() {
    if (pinned != null && loaded != null) {
      pinned.close();
      loaded.close(Duration.ofSeconds(1));
    }
  }

  /** New tensors for each run. */
  @Benchmark
  public @Nullable Object run() throws ModelRunException {
    return loaded == null ? null : loaded.run(row, List.of(), new RunControl());
  }

  /** Memory that lasts. */
  @Benchmark
  public @Nullable Object pinned() throws ModelRunException {
    if (pinned == null) {
      return null;
    }
    pinned.put(0, row);
    pinned.run(1, List.of(), null);
    return pinned.take(0, 1, 1);
  }
}
