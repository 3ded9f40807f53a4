package dev.modelserver.server.openinference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.http.RequestException;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every request is read by the scanner, if it takes it, and by the parser, and both must agree. */
class RequestReaderTest {

  @Test
  void readsEverythingThatARequestSays() throws RequestException {
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
        .containsExactly(new WantedOutput("y", null), new WantedOutput("z", false));
    assertThat(request.question().outputs()).containsExactly("y", "z");
    assertThat(doubles(request, "x")).containsExactly(1, 2.5, -0.0, 1e-3f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BOOL|[2,2]|[true,false,1,0]|1 0 1 0",
        "UINT8|[2]|[0,255]|0 255",
        "INT8|[2]|[-128,127]|-128 127",
        "UINT16|[2]|[0,65535]|0 65535",
        "INT16|[2]|[-32768,32767]|-32768 32767",
        "UINT32|[2]|[0,4294967295]|0 4294967295",
        "INT32|[2]|[-2147483648,2147483647]|-2147483648 2147483647",
        "INT64|[2]|[-9223372036854775808,9223372036854775807]|-9223372036854775808 9223372036854775807",
        "UINT64|[3]|[0,9223372036854775808,18446744073709551615]|0 -9223372036854775808 -1",
        "INT32|[3]|[1.0,2e2,-0]|1 200 0",
        "INT64|[2,2]|[[1,2],[3,4]]|1 2 3 4",
        "INT64|[2,1,2]|[ [ [1 , 2] ] , [ [3,4] ] ]|1 2 3 4",
        "INT64|[1,3]|[1,2,3]|1 2 3",
        "INT64|[]|[7]|7",
        "INT64|[0,3]|[]|''",
        "INT64|[2,0]|[[],[]]|''",
        "INT64|[2,0]|[]|''",
      })
  void readsIntegersNestedOrFlat(String type, String shape, String data, String expected)
      throws RequestException {
    NumericTensor numbers = numbers(read(input(type, shape, data)), "x");

    assertThat(
            IntStream.range(0, (int) numbers.shape().elements())
                .mapToObj(i -> Long.toString(numbers.longAt(i)))
                .toList())
        .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
  }

  @Test
  void readsFloatsToTheNearest() throws RequestException {
    // by way of a double the first would be rounded twice, up to 1.0000002
    assertThat(
            doubles(
                read(
                    input(
                        "FP32",
                        "[3]",
                        "[1.00000017881393421514957253748434595763683319091796875001,0.1,-0.0]")),
                "x"))
        .containsExactly(1.0000001f, 0.1f, -0.0);
    assertThat(doubles(read(input("FP64", "[2]", "[0.1,1.7976931348623157e308]")), "x"))
        .containsExactly(0.1, Double.MAX_VALUE);
  }

  @Test
  void readsStrings() throws RequestException {
    assertThat(
            read(input("BYTES", "[2,2]", "[[\"\",\"a\\u0000\\n\"],[\"Grüße\",\"\\ud83d\\ude42\"]]"))
                .inputs())
        .containsEntry("x", new StringTensor(Shape.of(2, 2), List.of("", "a\0\n", "Grüße", "🙂")));
  }

  @Test
  void theScannerTakesTheUsualForms() {
    for (String body :
        List.of(
            input("FP32", "[1,2]", "[1.0, 2.0]"),
            input("FP64", "[2, 1]", "[[0.1],[1e-7]]"),
            input("INT64", "[]", "[ -1 ]"),
            input("UINT8", "[0]", "[]"),
            input("BOOL", "[2]", "[true,0]"),
            "{\"id\":\"1\",\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"BYTES\",\"parameters\":{\"binary_data_size\":4}}],\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":true}}],\"parameters\":{\"timeout\":1}}")) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      assertThat(RequestScanner.scan(bytes, bytes.length)).as(body).isNotNull();
    }
  }

  @Test
  void takesNamesInAnyOrderAndPassesOverWhatItDoesNotKnow() throws RequestException {
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
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FLOAT\"}]}|inputs[0].datatype is \"FLOAT\"; the datatypes are BOOL",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1]}]}|inputs[0].data is missing",
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"data\":[1]}]}|inputs[0].shape is missing",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"data\":[1]}]}|inputs[0].datatype is missing",
        "{\"inputs\":[{\"name\":\"x\",\"name\":\"y\"}]}|\"name\" is given twice",
        "{\"inputs\":[],\"inputs\":[]}|\"inputs\" is given twice",
        "{\"inputs\":[]} x|not valid JSON",
        "{\"inputs\":[]} {}|goes on after the JSON object",
        "{\"inputs\":[],\"parameters\":{\"timeout\":-1}}|parameters.timeout is -1; a number of microseconds",
        "{\"inputs\":[],\"parameters\":{\"binary_data_output\":1}}|parameters.binary_data_output is 1; true or false",
        "{\"inputs\":[],\"outputs\":[{}]}|outputs[0].name is missing",
        "{\"inputs\":[],\"outputs\":[{\"name\":\"y\"},{\"name\":\"y\"}]}|an output is named twice",
        "{\"inputs\":[],\"outputs\":[{\"name\":\"y\",\"parameters\":{\"classification\":2}}]}|outputs[0].parameters.classification is given",
      })
  void saysWhatIsWrongWithARequest(String body, String words) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FP32|[2]|[1]|data has 1 value; the shape [2] takes 2",
        "FP32|[2]|[1,2,3]|data has 3 values; the shape [2] takes 2",
        "FP32|[2,2]|[1,2,3]|data has 3 values; the shape [2,2] takes 4",
        "FP32|[2,2]|[[1,2],[3]]|data[1] has 1 value; the shape [2,2] takes 2",
        "FP32|[2,2]|[[1,2]]|data has 1 list; the shape [2,2] takes 2",
        "FP32|[1,2]|[[1,2],[3,4]]|data has more than 1 lists; the shape [1,2] takes 1",
        "FP32|[2,2]|[[1,2],3]|data[1] is 3; a list is needed",
        "FP32|[2,2]|[1,[2]]|data[1] is a list; a number within the range of FP32",
        "FP32|[2]|[[1,2]]|data[0] is a list",
        "FP32|[2,1]|[[[1]],[[2]]]|data[0][0] is a list",
        "FP32|[1]|[\"1\"]|data[0] is \"1\"; a number",
        "FP32|[1]|[null]|data[0] is null",
        "FP32|[1]|[true]|data[0] is true",
        "FP32|[1]|[NaN]|NaN",
        "FP32|[1]|[1e39]|data[0] is 1e39; a number within the range of FP32",
        "FP32|[1]|[3.4028236e38]|data[0] is 3.4028236e38",
        "FP64|[1]|[1e400]|data[0] is 1e400; a number within the range of FP64",
        "FP32|[1]|[01]|not valid JSON",
        "FP32|[1]|[1.]|not valid JSON",
        "FP32|[1]|[.5]|not valid JSON",
        "FP32|[1]|1|data is 1; a list is needed",
        "FP32|[1,-1]|[1]|shape[1] is -1; a size from 0",
        "FP32|[1.5]|[1]|shape[0] is 1.5",
        "FP32|[65536,65536]|[1]|shape is [65536, 65536]; it takes",
        "FP32|[0,65536,65536]|[]|shape is [0, 65536, 65536]; it takes",
        "FP32|[4294967296]|[1]|shape[0] is 4294967296",
        "FP32|[2147483647]|[1]|data has 1 value; the shape [2147483647] takes",
        "FP64|[1000000000,0]|[1]|data has 1 value",
        "UINT8|[1]|[256]|data[0] is 256; an integer from 0 to 255 is needed",
        "UINT8|[1]|[-1]|an integer from 0 to 255",
        "INT16|[2]|[1,32768]|data[1] is 32768; an integer from -32768 to 32767",
        "INT64|[1]|[9223372036854775808]|data[0] is 9223372036854775808",
        "UINT64|[1]|[18446744073709551616]|an integer from 0 to 18446744073709551615",
        "INT32|[1]|[1.5]|data[0] is 1.5; an integer",
        "BOOL|[1]|[2]|data[0] is 2; true or false",
        "BOOL|[1]|[\"true\"]|true or false is needed",
        "BYTES|[1]|[1]|data[0] is 1; a string",
        "FP16|[1]|[1]|data holds FP16 as JSON",
        "BF16|[1]|[1]|binary_data_size",
      })
  void saysWhatIsWrongWithData(String type, String shape, String data, String words) {
    assertThatThrownBy(() -> read(input(type, shape, data)))
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
    assertThatThrownBy(() -> read(input("FP32", "[1]", "[".repeat(5000) + "]".repeat(5000))))
        .hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> read(input("FP32", "[1" + ",1".repeat(32) + "]", "[1]")))
        .hasMessageContaining("at most 32 sizes");
    assertThatThrownBy(() -> read("{\"id\":\"" + "a".repeat(1001) + "\",\"inputs\":[]}"))
        .hasMessageContaining("id has 1001 characters");
  }

  @Test
  void refusesOtherEncodings() {
    for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
      byte[] bytes = "{\"inputs\":[]}".getBytes(charset);
      assertThatThrownBy(() -> read(bytes, bytes.length))
          .hasMessageContaining("not a JSON object in UTF-8");
    }
  }

  @Test
  void readsBinaryDataWhereTheyAre() throws RequestException {
    byte[] json =
        """
        {"inputs":[{"name":"a","shape":[2],"datatype":"FP16","parameters":{"binary_data_size":4}},
         {"name":"b","shape":[1],"datatype":"INT64","data":[7]},
         {"name":"c","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":11}}]}
        """
            .getBytes(StandardCharsets.UTF_8);
    byte[] body =
        ByteBuffer.allocate(json.length + 15)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(json)
            .putShort(Float.floatToFloat16(0.5f))
            .putShort(Float.floatToFloat16(-2f))
            .putInt(3)
            .put("abc".getBytes(StandardCharsets.UTF_8))
            .putInt(0)
            .array();

    InferRequest request = read(body, json.length);

    assertThat(request.inputs()).containsOnlyKeys("a", "b", "c");
    assertThat(doubles(request, "a")).containsExactly(0.5, -2);
    assertThat(doubles(request, "b")).containsExactly(7);
    assertThat(request.inputs().get("c"))
        .isEqualTo(new StringTensor(Shape.of(2), List.of("abc", "")));
    body[json.length + 1] = 0;
    assertThat(doubles(request, "a")[0]).isNotEqualTo(0.5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FP32|[1]|5|00000000|binary_data_size is 5, but 4 bytes follow",
        "FP32|[1]|4|0000000000|goes on for 1 bytes after the JSON",
        "FP32|[2]|4|00000000|has 4 bytes; FP32 of shape [2] takes 8",
        "FP32|[0]|0|''|''",
        "BOOL|[2]|2|0102|has the byte 2 at 1; BOOL takes 0 or 1",
        "BYTES|[1]|3|000000|has 3 bytes; 1 strings take at least 4",
        "BYTES|[1]|4|01000000|says string 0 has 1 bytes, but only 0 follow",
        "BYTES|[1]|4|ffffffff|says string 0 has 4294967295 bytes",
        "BYTES|[1]|5|0000000000|goes on for 1 bytes after its 1 strings",
        "BYTES|[1]|5|01000000ff|has a string 0 that is not UTF-8",
        "BYTES|[2]|8|0400000000000000|ends before string 1 of 2",
        "BYTES|[2147483647]|4|00000000|2147483647 strings take at least",
      })
  void saysWhatIsWrongWithBinaryData(String type, String shape, int size, String hex, String words)
      throws RequestException {
    byte[] json =
        ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\""
                + type
                + "\",\"shape\":"
                + shape
                + ",\"parameters\":{\"binary_data_size\":"
                + size
                + "}}]}")
            .getBytes(StandardCharsets.UTF_8);
    byte[] tail = java.util.HexFormat.of().parseHex(hex);
    byte[] body = ByteBuffer.allocate(json.length + tail.length).put(json).put(tail).array();

    if (words.isEmpty()) {
      assertThat(read(body, json.length).inputs()).containsKey("x");
    } else {
      assertThatThrownBy(() -> read(body, json.length)).hasMessageContaining(words);
    }
  }

  @Test
  void dataAndBinaryDataExcludeEachOther() {
    String both = "\"data\":[1],\"parameters\":{\"binary_data_size\":4}";
    assertThatThrownBy(
            () ->
                read(
                    "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],"
                        + both
                        + "}]}"))
        .hasMessageContaining("has data and binary_data_size");
    String shared = "\"parameters\":{\"shared_memory_region\":\"r\"}";
    assertThatThrownBy(() -> read("{\"inputs\":[{\"name\":\"x\"," + shared + "}]}"))
        .hasMessageContaining("shared_memory_region is given");
  }

  static String input(String type, String shape, String data) {
    return "{\"inputs\":[{\"name\":\"x\",\"datatype\":\""
        + type
        + "\",\"shape\":"
        + shape
        + ",\"data\":"
        + data
        + "}]}";
  }

  private static InferRequest read(String body) throws RequestException {
    byte[] bytes = body.strip().getBytes(StandardCharsets.UTF_8);
    return readBothWays(bytes, bytes.length);
  }

  /** The answer of the parser, once the scanner's is seen to be the same, or to be none. */
  static InferRequest readBothWays(byte[] bytes, int jsonLength) throws RequestException {
    @Nullable RequestHead scanned = RequestScanner.scan(bytes, jsonLength);
    InferRequest parsed =
        RequestReader.read(
            RequestParser.parse(bytes, jsonLength), bytes, behind(bytes, jsonLength));
    if (scanned != null) {
      assertThat(RequestReader.read(scanned, bytes, behind(bytes, jsonLength))).isEqualTo(parsed);
    }
    return parsed;
  }

  private static double[] doubles(InferRequest request, String name) {
    NumericTensor tensor = numbers(request, name);
    return IntStream.range(0, (int) tensor.shape().elements())
        .mapToDouble(tensor::doubleAt)
        .toArray();
  }

  private static NumericTensor numbers(InferRequest request, String name) {
    return (NumericTensor) Objects.requireNonNull(request.inputs().get(name));
  }

  private static InferRequest read(byte[] body, int jsonLength) throws RequestException {
    return RequestReader.read(body, jsonLength, behind(body, jsonLength));
  }

  private static ByteBuffer behind(byte[] body, int jsonLength) {
    return ByteBuffer.wrap(body, jsonLength, body.length - jsonLength).slice();
  }
}
