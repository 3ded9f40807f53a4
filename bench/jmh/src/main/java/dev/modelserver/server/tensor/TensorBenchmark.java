package dev.modelserver.server.tensor;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Numbers on their way into a tensor whose size is not known before. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TensorBenchmark {

  /** Elements of the tensor. */
  @Param({"4", "784", "150528"})
  public int elements;

  @Benchmark
  public Object build() {
    TensorBuilder builder = new TensorBuilder(DataType.FP32);
    for (int i = 0; i < elements; i++) {
      if (!builder.addDouble(i * 0.5)) {
        throw new IllegalStateException("every such number fits");
      }
    }
    return builder.build(Shape.of(1, elements));
  }
}
