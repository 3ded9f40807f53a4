package dev.modelserver.bench.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
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

/**
 * One row through a model with one FP32 input and one FP32 output, both {@code [n, fixed]}: the
 * limit for any server on this runtime. The folder of the models is the system property {@code
 * bench.models}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RuntimeBenchmark {

  /** A file of the folder, without its ending. */
  @Param({"linear", "mlp"})
  public String model = "";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private @Nullable OrtSession loaded;
  private String name = "";
  private long[] shape = {};
  private float[] row = {};
  private FloatBuffer heap = FloatBuffer.allocate(0);
  private FloatBuffer direct = FloatBuffer.allocate(0);
  private FloatBuffer result = FloatBuffer.allocate(0);
  private Map<String, OnnxTensor> input = Map.of();
  private Map<String, OnnxTensor> output = Map.of();

  /** Loads the model and makes the tensors that are used again. */
  @Setup
  public void load() throws OrtException {
    OrtSession session;
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session =
          environment.createSession(
              System.getProperty("bench.models") + "/" + model + ".onnx", options);
    }
    loaded = session;
    name = session.getInputNames().iterator().next();
    shape = rowOf(session.getInputInfo());
    long[] outputShape = rowOf(session.getOutputInfo());
    Random random = new Random(0);
    row = new float[Math.toIntExact(shape[1])];
    for (int i = 0; i < row.length; i++) {
      row[i] = random.nextFloat();
    }
    heap = FloatBuffer.wrap(row);
    direct = floats(row.length).put(row).rewind();
    result = floats(Math.toIntExact(outputShape[1]));
    input = Map.of(name, OnnxTensor.createTensor(environment, direct, shape));
    output =
        Map.of(
            session.getOutputNames().iterator().next(),
            OnnxTensor.createTensor(environment, result, outputShape));
  }

  /** Frees what was loaded. */
  @TearDown
  public void close() throws OrtException {
    input.values().forEach(OnnxTensor::close);
    output.values().forEach(OnnxTensor::close);
    session().close();
  }

  /** As samples do: arrays of arrays in, arrays of arrays out. */
  @Benchmark
  public Object arrays() throws OrtException {
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, new float[][] {row});
        OrtSession.Result ran = session().run(Map.of(name, tensor))) {
      return ran.get(0).getValue();
    }
  }

  /** A buffer of the heap, which the runtime's Java part copies. */
  @Benchmark
  public Object heapBuffer() throws OrtException {
    return newTensor(heap);
  }

  /** A direct buffer, a new tensor around it for each call. */
  @Benchmark
  public Object directBuffer() throws OrtException {
    return newTensor(direct);
  }

  /** One input tensor for all calls. */
  @Benchmark
  public Object reusedInput() throws OrtException {
    try (OrtSession.Result ran = session().run(input)) {
      return value(ran.get(0));
    }
  }

  /** One input and one output tensor for all calls. */
  @Benchmark
  public float reusedInputPinnedOutput() throws OrtException {
    try (OrtSession.Result _ = session().run(input, output)) {
      return result.get(0);
    }
  }

  private OrtSession session() {
    return Objects.requireNonNull(loaded, "JMH calls load first");
  }

  private Object newTensor(FloatBuffer values) throws OrtException {
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, values, shape);
        OrtSession.Result ran = session().run(Map.of(name, tensor))) {
      return value(ran.get(0));
    }
  }

  private static FloatBuffer value(OnnxValue tensor) {
    return ((OnnxTensor) tensor).getFloatBuffer();
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** The shape of the first input or output, for one row. */
  private static long[] rowOf(Map<String, NodeInfo> nodes) {
    TensorInfo info = (TensorInfo) nodes.values().iterator().next().getInfo();
    return Arrays.stream(info.getShape()).map(size -> size < 0 ? 1 : size).toArray();
  }
}
