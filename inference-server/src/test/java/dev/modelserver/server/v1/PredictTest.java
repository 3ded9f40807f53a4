package dev.modelserver.server.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.ServedTestModel;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.onnx.RunTimes;
import dev.modelserver.server.predict.InputLayout;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From body to answer over real models; make_models.py says what each computes. */
class PredictTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "linear|{\"instances\":[[1,2]]}|{\"predictions\":[9.0]}",
        "linear|{\"signature_name\":\"serving_default\",\"instances\":[[1,2],[0,0]]}|{\"predictions\":[9.0,1.0]}",
        "linear|{\"instances\":[{\"x\":[1,2]},{\"x\":[0,0]}]}|{\"predictions\":[9.0,1.0]}",
        "scalar|{\"instances\":[3,[4]]}|{\"predictions\":[9.0,16.0]}",
        "scalar|{\"instances\":[{\"x\":3}]}|{\"predictions\":[9.0]}",
        "identity|{\"instances\":[[1,2.5,3]]}|{\"predictions\":[[1.0,2.5,3.0]]}",
        "divide|{\"instances\":[[0,1]]}|{\"predictions\":[[null,null]]}",
        "strings|{\"instances\":[\"hello\",\"you\"]}|{\"predictions\":[\"hello\",\"you\"]}",
        "softmax|{\"instances\":[[0,0,200]]}|{\"predictions\":[[0.0,0.0,1.0]]}",
        "integer-labels|{\"instances\":[[200,1],{\"a\":0}]}|!instances[1] is an object",
        "integer-labels|{\"instances\":[{\"b\":0,\"a\":200}]}|{\"predictions\":[{\"label\":1,\"probabilities\":{\"left\":0.0,\"right\":1.0}}]}",
        "integer-labels|{\"instances\":[[200,1]]}|{\"predictions\":[{\"label\":1,\"probabilities\":{\"left\":0.0,\"right\":1.0}}]}",
        "string-labels|{\"instances\":[{\"age\":4000,\"pressure\":1}]}|{\"predictions\":[{\"label\":\"high\",\"probabilities\":{\"high\":1.0,\"low\":0.0}}]}",
        "string-labels|{\"instances\":[[4000,1]]}|{\"predictions\":[{\"label\":\"high\",\"probabilities\":{\"high\":1.0,\"low\":0.0}}]}",
        "several|{\"instances\":[{\"a\":[1,2],\"b\":[5],\"c\":\"x\"},{\"c\":\"y\",\"b\":[6],\"a\":[3,4]}]}|{\"predictions\":[{\"first\":3.0,\"second\":",
        "dynamic|{\"instances\":[[[1,2],[3,4]]]}|{\"predictions\":[",
        "linear|EMPTY|!the body is empty",
        "linear|[]|!the body is not a JSON object",
        "linear|{}|!instances is missing",
        "linear|{\"instances\":3}|!instances is 3; a list",
        "linear|{\"instances\":[]}|!instances is empty",
        "linear|{\"instances\":[1]}|!instances[0] is 1; a list is needed: the model takes 2 values",
        "linear|{\"instances\":[[1]]}|!instances[0] has 1 value; the model takes 2",
        "linear|{\"instances\":[[1,\"x\"]]}|!instances[0][1] is \"x\"; a number",
        "linear|{\"instances\":[[1,[2]]]}|!instances[0][1] is a list",
        "linear|{\"instances\":[[1,2],[1e39,0]]}|!instances[1][0] is",
        "linear|{\"instances\":[[1,2],3]}|!instances[1] is 3",
        "linear|{\"instances\":[[1,2]],\"instances\":[]}|!\"instances\" is given twice",
        "linear|{\"instances\":[[1,2]]} x|!not valid JSON",
        "linear|{\"instances\":[{\"y\":[1,2]}]}|!instances[0] has \"y\", which is not known; the inputs are x",
        "linear|{\"instances\":[{\"x\":[1,2]},{\"x\":[1]}]}|!instances[1].x has 1 entry; the first has 2",
        "linear|{\"instances\":[{\"x\":[1,2]},{}]}|!instances[1] lacks x",
        "linear|{\"instances\":[{\"x\":[1,\"2\"]}]}|!instances[0].x[1] is \"2\"; a number within the range of FP32",
        "integer-labels|{\"instances\":[{\"a\":1}]}|!instances[0] lacks b; the features are a, b",
        "integer-labels|{\"instances\":[{\"aa\":1}]}|!the feature \"aa\" is not known; the features are a, b",
        "dynamic|{\"instances\":[[[1,2],[3,\"4\"]]]}|!instances[0][1][1] is \"4\"; a number",
        "dynamic|{\"instances\":[[[1,2],[3,null]]]}|!instances[0][1][1] is null; a number",
        "dynamic|{\"instances\":[[[1,2],[3,[4]]]]}|!instances[0][1][1] is a list; a single value",
        "dynamic|{\"instances\":[[[1,2],[3,{}]]]}|!instances[0][1][1] is an object; a number",
        "dynamic|{\"instances\":[[[1,{}]]]}|!instances[0][0][1] is an object; a number",
        "dynamic|{\"instances\":[[[1,2],3]]}|!instances[0][1] is 3; a list",
        "dynamic|{\"instances\":[[[1,2]],[[3,4],[5]]]}|!instances[1] has 2 entries; the first has 1",
        "dynamic|{\"instances\":[[[1,2],[3]]]}|!instances[0][1] has 1 entry; the first has 2",
        "dynamic|{\"instances\":[{\"x\":[[1,2]]},{\"x\":[[4,\"5\"]]}]}|!instances[1].x[0][1] is \"5\"",
        "dynamic|{\"instances\":[[[1,2]],[[4,5],[6,7]]]}|!instances[1] has 2 entries; the first has 1",
      })
  void answers(String name, String body, String expected)
      throws ModelLoadException, RequestException, InferenceException {
    try (ServedTestModel served = ServedTestModel.load(name)) {
      ServedModel model = served.model();
      byte[] bytes = (body.equals("EMPTY") ? "" : body).getBytes(StandardCharsets.UTF_8);
      if (expected.startsWith("!")) {
        assertThatThrownBy(() -> parse(model, bytes))
            .isInstanceOf(RequestException.class)
            .hasMessageContaining(expected.substring(1));
        return;
      }
      Instances instances = parse(model, bytes);
      String answer =
          PredictionWriter.of(model)
              .write(served.infer(InferenceRequest.of(instances.inputs())), instances.count())
              .toString();
      assertThat(answer).startsWith(expected);
    }
  }

  @Test
  void refusesAnAnswerOfTooManyValues() throws ModelLoadException {
    try (ServedTestModel served = ServedTestModel.load("linear")) {
      Tensor large =
          NumericTensor.allocate(DataType.FP32, Shape.of(1, PredictionWriter.MAX_VALUES + 1));
      RunOutputs outputs = new RunOutputs(Map.of("y", large), new RunTimes(0, 0, 0));

      assertThatThrownBy(() -> PredictionWriter.of(served.model()).write(outputs, 1))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("the answer would have 1000001 values, at most 1000000");
    }
  }

  private static Instances parse(ServedModel model, byte[] bytes) throws RequestException {
    InputLayout layout = InputLayout.of(model.signature(), model.description().features());
    return InstanceParser.parse(model.signature(), layout, bytes, bytes.length);
  }
}
