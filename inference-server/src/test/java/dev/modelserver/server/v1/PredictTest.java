package dev.modelserver.server.v1;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.ServedTestModel;
import dev.modelserver.server.call.Translation;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.image.ImageInput;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.json.JsonWriter;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.onnx.RunTimes;
import dev.modelserver.server.predict.TensorRows;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        "integer-labels|{\"instances\":[[200,1],{\"a\":0}]}|!instances[1] lacks b",
        "integer-labels|{\"instances\":[{\"b\":0,\"a\":200}]}|{\"predictions\":[{\"label\":1,\"probabilities\":{\"left\":0.0,\"right\":1.0}}]}",
        "integer-labels|{\"instances\":[[200,1]]}|{\"predictions\":[{\"label\":1,\"probabilities\":{\"left\":0.0,\"right\":1.0}}]}",
        "string-labels|{\"instances\":[{\"age\":4000,\"pressure\":1}]}|{\"predictions\":[{\"label\":\"high\",\"probabilities\":{\"high\":1.0,\"low\":0.0}}]}",
        "string-labels|{\"instances\":[[4000,1]]}|{\"predictions\":[{\"label\":\"high\",\"probabilities\":{\"high\":1.0,\"low\":0.0}}]}",
        "several|{\"instances\":[{\"a\":[1,2],\"b\":[5],\"c\":\"x\"},{\"c\":\"y\",\"b\":[6],\"a\":[3,4]}]}|{\"predictions\":[{\"first\":3.0,\"second\":",
        "dynamic|{\"instances\":[[[1,2],[3,4]]]}|{\"predictions\":[",
        "dynamic|{\"instances\":[[]]}|{\"predictions\":[{\"turned\":[],\"places\":[[],[],[]]}]}",
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
        "linear|{\"instances\":[[1,2]]} x|!the body goes on after the JSON object",
        "linear|{\"instances\":[{\"y\":[1,2]}]}|!the input \"y\" is not known; the inputs are x",
        "linear|{\"instances\":[{\"x\":[1,2]},{\"x\":[1]}]}|!instances[1].x has 1 value; the model takes 2",
        "linear|{\"instances\":[{\"x\":[1,2]},{}]}|!instances[1] lacks x",
        "linear|{\"instances\":[{\"x\":[1,\"2\"]}]}|!instances[0].x[1] is \"2\"; a number within the range of FP32",
        "integer-labels|{\"instances\":[{\"a\":1}]}|!instances[0] lacks b; the features are a, b",
        "integer-labels|{\"instances\":[{\"aa\":1}]}|!the feature \"aa\" is not known; the features are a, b",
        "dynamic|{\"instances\":[[[1,2],[3,\"4\"]]]}|!instances[0][1][1] is \"4\"; a number",
        "dynamic|{\"instances\":[[[1,2],[3,null]]]}|{\"predictions\":[",
        "dynamic|{\"instances\":[[[1,2],[3,[4]]]]}|!instances[0][1][1] is a list; a number",
        "dynamic|{\"instances\":[[[1,2],[3,{}]]]}|!instances[0][1][1] is an object; a number",
        "dynamic|{\"instances\":[[[1,{}]]]}|!instances[0][0][1] is an object; a number",
        "dynamic|{\"instances\":[[[1,2],3]]}|!instances[0][1] is 3; a list",
        "dynamic|{\"instances\":[[[1,2]],[[3,4],[5]]]}|!instances[1] has 2 entries; the first has 1",
        "dynamic|{\"instances\":[[[1,2],[3]]]}|!instances[0][1] has 1 entry; the first has 2",
        "dynamic|{\"instances\":[{\"x\":[[1,2]]},{\"x\":[[4,\"5\"]]}]}|!instances[1].x[0][1] is \"5\"",
        "dynamic|{\"instances\":[[[1,2]],[[4,5],[6,7]]]}|!instances[1] has 2 entries; the first has 1",
        "linear|{\"instances\":[[NaN,2],[\"-Infinity\",0],[null,1]]}|{\"predictions\":[null,null,null]}",
        "rows-ids|{\"instances\":[30,19]}|{\"predictions\":[60,38]}",
        "rows-ids|{\"instances\":[[30],[19]]}|{\"predictions\":[60,38]}",
        "rows-ids|{\"instances\":[{\"ids\":30},{\"ids\":19}]}|{\"predictions\":[60,38]}",
        "rows-ids|{\"instances\":[30]}|{\"predictions\":[60]}",
        "rows-ids|{\"instances\":[[30,19]]}|!instances[0] has 2 values; the model takes 1 value: ids",
        "rows-texts|{\"instances\":[\"a\",{\"b64\":\"w6k=\"}]}|{\"predictions\":[\"a\",\"é\"]}",
        "rows-texts|{\"instances\":[{\"b64\":\"w6k=\"},\"a\"]}|{\"predictions\":[\"é\",\"a\"]}",
        "rows-texts|{\"instances\":[{\"text\":{\"b64\":\"w6k=\"}}]}|{\"predictions\":[\"é\"]}",
        "rows-texts|{\"instances\":[{\"b64\":\"/w==\"}]}|!instances[0].b64 holds bytes that are not UTF-8",
        "strings|{\"instances\":[{\"b64\":\"w6k=\"},[{\"b64\":\"YQ==\"}]]}|{\"predictions\":[\"é\",\"a\"]}",
        "rows-mean|{\"instances\":[[30,20,10]]}|{\"predictions\":[20.0]}",
        "rows-tokens|{\"instances\":[{\"input_ids\":[5,6,7],\"attention_mask\":[1,1,0]},{\"attention_mask\":[0,0,1],\"input_ids\":[1,2,3]}]}|{\"predictions\":[11,3]}",
        "rows-tokens|{\"instances\":[{\"input_ids\":[5,6],\"attention_mask\":[1,1]},{\"input_ids\":[5],\"attention_mask\":[1]}]}|!instances[1].input_ids has 1 value; the first row has 2",
        "rows-tokens|{\"instances\":[{\"input_ids\":[5,2147483648],\"attention_mask\":[1,1]}]}|!instances[0].input_ids[1] is 2147483648; an integer from",
        "rows-tokens|{\"instances\":[[5,6]]}|!instances[0] is a list; the model takes the values of each input by name: input_ids, attention_mask",
        "rows-emoji-features|{\"instances\":[{\"\\ud842\\udfb7\":2,\"\\ud83c\\udf4e\":1}]}|{\"predictions\":[[-1.0,-2.0]]}",
        "rows-mixed|{\"instances\":[{\"pair\":[1,2],\"one\":5,\"factor\":10}]}|{\"predictions\":[[15.0,25.0]]}",
        "linear|{\"inputs\":[[1,2],[0,0]]}|{\"outputs\":[[9.0],[1.0]]}",
        "linear|{\"inputs\":[]}|{\"outputs\":[]}",
        "linear|{\"inputs\":{\"x\":[[1,2]]}}|{\"outputs\":[[9.0]]}",
        "scalar|{\"inputs\":[3,4]}|{\"outputs\":[[9.0],[16.0]]}",
        "rows-ids|{\"signature_name\":\"s\",\"inputs\":[30,19]}|{\"outputs\":[60,38]}",
        "rows-texts|{\"inputs\":{\"text\":[\"a\",{\"b64\":\"w6k=\"}]}}|{\"outputs\":[\"a\",\"é\"]}",
        "any-rank|{\"instances\":[5]}|{\"predictions\":[-5.0]}",
        "any-rank|{\"instances\":[{\"x\":5}]}|{\"predictions\":[-5.0]}",
        "any-rank|{\"inputs\":[[1,2],[3,4]]}|{\"outputs\":[[-1.0,-2.0],[-3.0,-4.0]]}",
        "any-rank|{\"instances\":[[1,2],[3,4]]}|!instances[0] has 2 values; the model takes 1 value: x (the Open Inference Protocol, /v2,",
        "width-no-shape|{\"instances\":[[1,2,3,4],[5,6,7,8]]}|!this model does not accept instances: the input x FP32 of any shape has no axis that counts them; send its whole tensor",
        "width-no-shape|{\"instances\":[{\"x\":[1,2,3,4]}]}|!this model does not accept instances: ",
        "width-no-shape|{\"inputs\":[[1,2,3,4],[5,6,7,8]]}|{\"outputs\":[[",
        "rank-0|{\"instances\":[{\"x\":5,\"word\":\"a\"}]}|{\"predictions\":[{\"twice\":10.0,\"same\":\"a\"}]}",
        "rows-mean|{\"inputs\":[30,20,10]}|{\"outputs\":20.0}",
        "rows-tokens|{\"inputs\":{\"input_ids\":[[5,6,7],[1,2,3]],\"attention_mask\":[[1,1,0],[0,0,1]]}}|{\"outputs\":[11,3]}",
        "rows-mixed|{\"inputs\":{\"pair\":[[1,2],[3,4]],\"one\":[[5],[6]],\"factor\":[10]}}|{\"outputs\":[[15.0,25.0],[36.0,46.0]]}",
        "several|{\"inputs\":{\"a\":[[1,2],[3,4]],\"b\":[[5],[6]],\"c\":[[\"x\"],[\"y\"]]}}|{\"outputs\":{\"first\":[[3.0],[7.0]],\"second\":",
        "integer-labels|{\"inputs\":[[200,1],[1,200]]}|{\"outputs\":{\"label\":[1,0],\"probabilities\":[{\"left\":0.0,\"right\":1.0},{\"left\":1.0,\"right\":0.0}]}}",
        "integer-labels|{\"inputs\":{\"b\":[1,200],\"a\":[200,1]}}|{\"outputs\":{\"label\":[1,0],",
        "dynamic|{\"inputs\":[[[1,2],[3,4]]]}|{\"outputs\":",
        "linear|{\"inputs\":{\"y\":[[1,2]]}}|!the input \"y\" is not known; the inputs are x",
        "linear|{\"inputs\":{}}|!inputs is empty; the inputs are x",
        "linear|{\"inputs\":[[1,2],[3]]}|!inputs[1] has 1 entry; the first has 2: all must have one shape",
        "linear|{\"inputs\":{\"x\":{\"a\":1}}}|!inputs.x is an object; a number",
        "linear|{\"inputs\":[[1,2]],\"instances\":[[1,2]]}|!the body has instances and inputs; send one of them",
        "integer-labels|{\"inputs\":{\"b\":1,\"a\":2}}|!inputs has single values; send a list with a value of each row for each name",
        "rows-tokens|{\"inputs\":[[5,6]]}|!inputs is a list; an object with the inputs by name is needed",
        "linear|{\"instances\":[{\"b64\":\"w6k=\"}]}|!this model does not accept images: it has no description of an image input",
      })
  void answers(String name, String body, String expected)
      throws ModelLoadException, RequestException, InferenceException {
    try (ServedTestModel served = ServedTestModel.load(name)) {
      ServedModel model = served.model();
      byte[] bytes = (body.equals("EMPTY") ? "" : body).getBytes(StandardCharsets.UTF_8);
      if (expected.startsWith("!")) {
        assertThatThrownBy(() -> V1Model.of(model).read(model, Body.of(bytes)))
            .isInstanceOf(RequestException.class)
            .hasMessageContaining(expected.substring(1));
        return;
      }
      assertThat(answer(served, model, bytes)).startsWith(expected);
    }
  }

  private static String answer(ServedTestModel served, ServedModel model, byte[] bytes)
      throws RequestException, InferenceException {
    Translation<Answer> request = V1Model.of(model).read(model, Body.of(bytes));
    return request.answer(served.infer(request.request())).body().toString();
  }

  /** As TensorFlow Serving's clients send images: the pixels are those of the file itself. */
  @Test
  void readsImagesInBase64() throws Exception {
    try (ServedTestModel served = ServedTestModel.load("image-nchw")) {
      ServedModel model = served.model();
      byte[] jpeg;
      try (InputStream in =
          Objects.requireNonNull(ImageInput.class.getResourceAsStream("warm-up.jpg"))) {
        jpeg = in.readAllBytes();
      }
      String image = "{\"b64\":\"%s\"}".formatted(Base64.getEncoder().encodeToString(jpeg));
      NumericTensor pixels = ImageInput.of(model.signature(), model.description().image()).sample();
      String one =
          answer(
              served, model, "{\"instances\":[%s]}".formatted(tensorJson(pixels)).getBytes(UTF_8));
      assertThat(one).contains("predictions").doesNotContain("null");
      String row = one.substring("{\"predictions\":[".length(), one.length() - 2);
      for (String body :
          List.of(
              "{\"instances\":[%s]}".formatted(image),
              "{\"instances\":[{\"image_bytes\":%s}]}".formatted(image.replace("/", "\\/")),
              "{\"instances\":[{\"image\":%s}]}".formatted(tensorJson(pixels)))) {
        assertThat(answer(served, model, body.getBytes(UTF_8))).isEqualTo(one);
      }
      assertThat(
              answer(
                  served,
                  model,
                  "{\"instances\":[%s,{\"i\":%s}]}".formatted(image, image).getBytes(UTF_8)))
          .isEqualTo("{\"predictions\":[%s,%s]}".formatted(row, row));
      for (String inputs :
          List.of(image, "[" + image + "]", "{\"i\":" + image + "}", "{\"i\":[" + image + "]}")) {
        assertThat(answer(served, model, "{\"inputs\":%s}".formatted(inputs).getBytes(UTF_8)))
            .isEqualTo("{\"outputs\":[%s]}".formatted(row));
      }
      for (String[] wrong :
          new String[][] {
            {"{\"b64\":\"AAAA\"}", "instances[0].b64"},
            {"{\"b64\":\"*\"}", "instances[0].b64 is not valid Base64"},
            {"{\"i\":{\"b\":\"AAAA\"}}", "instances[0].i.b is no image; send {\"b64\""},
            {"{\"b64\":5}", "instances[0].b64 is 5; a string in Base64 is needed"},
            {image.replace("}", ",\"x\":1}"), "\"x\" is not known beside instances[0].b64"},
            {image + ",{}", "instances[1] is no image"},
          }) {
        assertThatThrownBy(
                () ->
                    answer(
                        served, model, "{\"instances\":[%s]}".formatted(wrong[0]).getBytes(UTF_8)))
            .isInstanceOf(RequestException.class)
            .hasMessageContaining(wrong[1]);
      }
    }
  }

  /** The first entry of a tensor, as nested lists. */
  private static String tensorJson(NumericTensor tensor) {
    JsonWriter json = new JsonWriter(64);
    TensorRows.write(json, tensor, 0, 0, false);
    return json.toString();
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
}
