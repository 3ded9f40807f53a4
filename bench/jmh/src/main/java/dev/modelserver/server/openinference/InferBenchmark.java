package dev.modelserver.server.openinference;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.oip.InferRequestReader;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.onnx.RunTimes;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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

/** Requests and answers of the Open Inference Protocol, in JSON and in binary. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InferBenchmark {

  /** FP32 values of the one input, and of the one output. */
  @Param({"4", "784", "150528"})
  public int values;

  private final ModelIdentity identity = new ModelIdentity("bench", "v1", Digest.of(new byte[0]));
  private byte[] json = {};
  private byte[] binary = {};
  private int head;
  private RunOutputs outputs = new RunOutputs(Map.of(), new RunTimes(0, 0, 0));

  /** Writes the bodies. */
  @Setup
  public void write() {
    float[] numbers = new float[values];
    NumericTensor tensor = NumericTensor.allocate(DataType.FP32, Shape.of(1, values));
    ByteBuffer raw = ByteBuffer.allocate(values * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(0);
    for (int i = 0; i < values; i++) {
      numbers[i] = random.nextFloat();
      tensor.data().putFloat(i * Float.BYTES, numbers[i]);
      raw.putFloat(numbers[i]);
    }
    outputs = new RunOutputs(Map.of("Y", tensor), new RunTimes(0, 0, 0));
    String list = Arrays.toString(numbers).replace(" ", "");
    json = body("\"data\":" + list, "");
    byte[] text =
        body(
            "\"parameters\":{\"binary_data_size\":" + raw.capacity() + "}",
            ",\"parameters\":{\"binary_data_output\":true}");
    head = text.length;
    binary = ByteBuffer.allocate(head + raw.capacity()).put(text).put(raw.array()).array();
  }

  @Benchmark
  public Object readJson() throws RequestException, InferenceException {
    return JsonRequest.read(json, json.length, ByteBuffer.allocate(0), reader());
  }

  @Benchmark
  public Object readBinary() throws RequestException, InferenceException {
    return JsonRequest.read(
        binary, head, ByteBuffer.wrap(binary, head, binary.length - head).slice(), reader());
  }

  @Benchmark
  public Object answerJson() throws InferenceException {
    return InferAnswer.of(identity, request(false), outputs);
  }

  @Benchmark
  public Object answerBinary() throws InferenceException {
    return InferAnswer.of(identity, request(true), outputs);
  }

  private static InferRequestReader reader() {
    return new InferRequestReader((name, type, shape) -> {}, bytes -> true);
  }

  private static InferRequest request(boolean binary) {
    return new InferRequest(null, Map.of(), List.of(), binary, null);
  }

  private byte[] body(String data, String more) {
    return ("{\"inputs\":[{\"name\":\"X\",\"shape\":[1,"
            + values
            + "],\"datatype\":\"FP32\","
            + data
            + "}]"
            + more
            + "}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
