package dev.modelserver.server.predict;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.rows.InputLayout;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
import org.openjdk.jmh.annotations.Warmup;

/** A body of /predict on its way to tensors. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PredictBenchmark {

  /** Values in the row. */
  @Param({"4", "784", "150528"})
  public int width;

  private InputLayout layout = layout(1);
  private byte[] body = {};

  /** Writes the body. */
  @Setup
  public void write() {
    layout = layout(width);
    Random random = new Random(0);
    String values =
        random
            .doubles(width)
            .mapToObj(value -> Float.toString((float) value))
            .collect(Collectors.joining(","));
    body = ("{\"features\":[" + values + "]}").getBytes(StandardCharsets.UTF_8);
  }

  /** One row by position. */
  @Benchmark
  public Object read() throws RequestException {
    return PredictBody.read(layout, body, body.length);
  }

  private static InputLayout layout(int width) {
    return InputLayout.of(
        new Signature(
            List.of(new TensorSpec("X", DataType.FP32, Shape.of(Shape.ANY, width))),
            List.of(),
            List.of()),
        List.of(),
        RowAxes.NONE);
  }
}
