package dev.modelserver.server.openinference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.ExpectedAnswers;
import dev.modelserver.server.ServedTestModel;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.json.JsonWriter;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.onnx.RunTimes;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.RawTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import dev.modelserver.server.tensor.TensorBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every model with expected answers, asked as JSON and as binary data: the answers, read back as a
 * client reads them, are the expected ones.
 */
class ModelAnswersTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  static List<String> models() {
    return ExpectedAnswers.models();
  }

  @ParameterizedTest
  @MethodSource("models")
  void answersAreTheExpectedOnes(String name) throws Exception {
    ExpectedAnswers expected = ExpectedAnswers.of(name);
    try (ServedTestModel served = ServedTestModel.load(name)) {
      for (ExpectedAnswers.Case each : expected.cases()) {
        expected.check(each, ask(served, each.inputs(), true));
        if (each.inputs().values().stream().allMatch(ModelAnswersTest::inJson)) {
          expected.check(each, ask(served, each.inputs(), false));
        }
      }
    }
  }

  @Test
  void refusesAnAnswerInJsonOfTooManyValues() throws Exception {
    byte[] body =
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[1,2]}]}"
            .getBytes(StandardCharsets.UTF_8);
    InferRequest request = Requests.read(body, body.length);
    Tensor large =
        NumericTensor.allocate(DataType.FP32, Shape.of(1, InferAnswer.MAX_JSON_VALUES + 1));
    RunOutputs outputs = new RunOutputs(Map.of("y", large), new RunTimes(0, 0, 0));
    try (ServedTestModel served = ServedTestModel.load("linear")) {
      assertThatThrownBy(() -> InferAnswer.of(served.model().identity(), request, outputs))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("at most " + InferAnswer.MAX_JSON_VALUES);
    }
  }

  private static boolean inJson(Tensor tensor) {
    return tensor.type() != DataType.FP16 && tensor.type() != DataType.BF16;
  }

  private static Map<String, Tensor> ask(
      ServedTestModel served, Map<String, Tensor> inputs, boolean binary)
      throws IOException,
          RequestException,
          InferenceException,
          ModelLoadException,
          RawTensor.FormatException {
    ByteArrayOutputStream tail = new ByteArrayOutputStream();
    JsonWriter json = new JsonWriter(100);
    json.raw("{\"parameters\":{\"binary_data_output\":" + binary + "},\"inputs\":[");
    String separator = "";
    for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
      Tensor tensor = input.getValue();
      json.raw(separator).raw("{\"name\":").string(input.getKey());
      json.raw(",\"datatype\":\"" + tensor.type() + "\",\"shape\":" + tensor.shape());
      if (binary) {
        ByteBuffer bytes = RawTensor.bytes(tensor);
        json.raw(",\"parameters\":{\"binary_data_size\":").number(bytes.remaining()).raw("}}");
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        tail.write(copy);
      } else {
        json.raw(",\"data\":[").elements(tensor).raw("]}");
      }
      separator = ",";
    }
    byte[] head = json.raw("]}").toString().getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(head);
    body.write(tail.toByteArray());
    InferRequest request =
        binary
            ? JsonRequest.read(
                head,
                head.length,
                ByteBuffer.wrap(body.toByteArray(), head.length, body.size() - head.length).slice(),
                Requests.anything())
            : Requests.read(head, head.length);
    return read(
        InferAnswer.of(
            served.model().identity(), request, served.infer(request.toInferenceRequest())));
  }

  private static Map<String, Tensor> read(Answer answer)
      throws IOException, RawTensor.FormatException {
    byte[] body = answer.body().getBytes();
    String length = answer.headers().get(BinaryHeader.NAME);
    int position = length == null ? body.length : Integer.parseInt(length);
    JsonNode head = JSON.readTree(body, 0, position);
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    for (JsonNode output : head.get("outputs")) {
      List<Long> dims = new ArrayList<>();
      output.get("shape").forEach(dim -> dims.add(dim.asLong()));
      DataType type = DataType.valueOf(output.get("datatype").asText());
      Tensor tensor;
      if (length == null) {
        TensorBuilder builder = new TensorBuilder(type);
        output.get("data").forEach(value -> ExpectedAnswers.add(builder, value));
        tensor = builder.build(new Shape(dims));
      } else {
        int size = output.get("parameters").get("binary_data_size").asInt();
        tensor = RawTensor.read(type, new Shape(dims), body, position, size);
        position += size;
      }
      outputs.put(output.get("name").asText(), tensor);
    }
    assertThat(position).isEqualTo(body.length);
    return outputs;
  }
}
