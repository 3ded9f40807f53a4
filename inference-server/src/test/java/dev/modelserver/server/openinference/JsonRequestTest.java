package dev.modelserver.server.openinference;

import static dev.modelserver.server.openinference.Requests.doubles;
import static dev.modelserver.server.openinference.Requests.input;
import static dev.modelserver.server.openinference.Requests.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.oip.RequestedOutput;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request says beside its elements: names, outputs, parameters, and their limits. */
class JsonRequestTest {

  @Test
  void readsEverythingThatARequestSays() throws RequestException, InferenceException {
    InferRequest request =
        read(
            """
            {"id":"42","parameters":{"binary_data_output":true,"timeout":2500},
             "inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2.5,-0,1e-3]}],
             "outputs":[{"name":"y"},{"name":"z","parameters":{"binary_data":false}}]}
            """);

    assertThat(request.id()).isEqualTo("42");
    assertThat(request.binaryOutputs()).isTrue();
    assertThat(request.timeout()).isEqualTo(Duration.ofNanos(2_500_000));
    assertThat(request.outputs())
        .containsExactly(new RequestedOutput("y", null), new RequestedOutput("z", false));
    assertThat(request.toInferenceRequest().outputs()).containsExactly("y", "z");
    assertThat(doubles(request, "x")).containsExactly(1, 2.5, -0.0, 1e-3f);
  }

  @Test
  void takesNamesInAnyOrderAndPassesOverWhatItDoesNotKnow()
      throws RequestException, InferenceException {
    InferRequest request =
        read(
            """
            {"model_name":"m","id":null,"outputs":null,"parameters":{"priority":3,"sequence_id":"a","more":{"deep":[1]}},
             "inputs":[{"data":[[1],[2]],"datatype":"INT32","parameters":{"content_type":"np"},"shape":[2,1],"name":"\\u0078","tags":[{}]}]}
            """);

    assertThat(request.id()).isNull();
    assertThat(request.outputs()).isEmpty();
    assertThat(doubles(request, "x")).containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|the body is empty",
        "[]|the body is not a JSON object",
        "{|the body ends in the middle",
        "{}|inputs is missing",
        "{\"inputs\":{}}|inputs is an object; a list is needed",
        "{\"inputs\":[1]}|inputs[0] is 1; an object is needed",
        "{\"inputs\":[{}]}|inputs[0].name is missing",
        "{\"inputs\":[{\"name\":1}]}|inputs[0].name is 1; a string is needed",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FLOAT\"}]}|inputs[0].datatype is \"FLOAT\";"
            + " the datatypes are BOOL",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1]}]}|inputs[0].data is"
            + " missing",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"data\":[1]}]}|inputs[0].shape is"
            + " missing",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"data\":[1]}]}|inputs[0].datatype is missing",
        "{\"inputs\":[{\"name\":\"x\",\"name\":\"y\"}]}|\"name\" is given twice",
        "{\"inputs\":[],\"inputs\":[]}|\"inputs\" is given twice",
        "{\"inputs\":[]} x|goes on after the JSON object",
        "{\"inputs\":[]} {}|goes on after the JSON object",
        "{\"inputs\":[],\"parameters\":{\"timeout\":-1}}|parameters.timeout is -1; a number of"
            + " microseconds",
        "{\"inputs\":[],\"parameters\":{\"binary_data_output\":1}}|parameters.binary_data_output is"
            + " 1; true or false",
        "{\"inputs\":[],\"outputs\":[{}]}|outputs[0].name is missing",
        "{\"inputs\":[],\"outputs\":[{\"name\":\"y\"},{\"name\":\"y\"}]}|the output \"y\" is named"
            + " twice; name each output once",
        "{\"inputs\":[],\"outputs\":[{\"name\":\"y\",\"parameters\":{\"classification\":2}}]}|outputs[0].parameters.classification"
            + " is given",
      })
  void saysWhatIsWrongWithARequest(String body, String words) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining(words);
  }

  @Test
  void refusesTheSameInputTwice() {
    String one = "{\"name\":\"x\",\"datatype\":\"BOOL\",\"shape\":[1],\"data\":[true]}";

    assertThatThrownBy(() -> read("{\"inputs\":[" + one + "," + one + "]}"))
        .hasMessage("the input \"x\" is given twice; send each input once");
  }

  @Test
  void boundsTheNumberOfTensorsTheDepthAndTheRank() {
    assertThatThrownBy(() -> read("{\"inputs\":[" + "{},".repeat(1024) + "{}]}"))
        .hasMessageContaining("inputs has more than 1024 entries");
    assertThatThrownBy(() -> read("{\"more\":" + "[".repeat(5000) + "]".repeat(5000) + "}"))
        .hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> read(input("FP32", "[1" + ",1".repeat(32) + "]", "[1]")))
        .hasMessageContaining("at most 32 sizes");
    assertThatThrownBy(() -> read("{\"id\":\"" + "a".repeat(1001) + "\",\"inputs\":[]}"))
        .hasMessageContaining("id has 1001 characters");
  }

  /** As Python's json.dumps writes them. */
  @Test
  void readsNamesBeyondTheBmp() throws RequestException, InferenceException {
    String input =
        "{\"inputs\":[{\"name\":\"%s\",\"datatype\":\"BOOL\",\"shape\":[1],\"data\":[true]}]}";

    for (String name : List.of("\\ud83d\\ude42 \\u4e2d", "🙂 中")) {
      assertThat(read(input.formatted(name)).inputs()).containsOnlyKeys("🙂 中");
    }
    assertThatThrownBy(() -> read(input.formatted("\\ud83d")))
        .hasMessageContaining("half of a surrogate pair at line 1, column 21");
  }

  @Test
  void refusesOtherEncodings() {
    for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
      byte[] bytes = "{\"inputs\":[]}".getBytes(charset);
      assertThatThrownBy(() -> read(bytes, bytes.length)).hasMessageContaining("UTF-8");
    }
  }
}
