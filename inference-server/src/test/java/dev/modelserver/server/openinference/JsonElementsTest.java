package dev.modelserver.server.openinference;

import static dev.modelserver.server.openinference.Requests.doubles;
import static dev.modelserver.server.openinference.Requests.input;
import static dev.modelserver.server.openinference.Requests.numbers;
import static dev.modelserver.server.openinference.Requests.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements of an input as JSON. */
class JsonElementsTest {

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
        "INT64|[2]|[-9223372036854775808,9223372036854775807]|-9223372036854775808"
            + " 9223372036854775807",
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
      throws RequestException, InferenceException {
    NumericTensor numbers = numbers(read(input(type, shape, data)), "x");

    assertThat(
            IntStream.range(0, (int) numbers.shape().elements())
                .mapToObj(i -> Long.toString(numbers.longAt(i)))
                .toList())
        .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
  }

  @Test
  void readsFloatsToTheNearest() throws RequestException, InferenceException {
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

  @ParameterizedTest
  @ValueSource(strings = {"FP32", "FP64"})
  void readsWhatIsMissingOrInfinite(String type) throws RequestException, InferenceException {
    assertThat(
            doubles(
                read(
                    input(
                        type,
                        "[2,4]",
                        "[[null,NaN,Infinity,-Infinity],[1,\"NaN\",\"Infinity\",\"-Infinity\"]]")),
                "x"))
        .containsExactly(
            Double.NaN,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            1,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY);
  }

  @Test
  void readsStrings() throws RequestException, InferenceException {
    assertThat(
            read(input("BYTES", "[2,2]", "[[\"\",\"a\\u0000\\n\"],[\"Grüße\",\"\\ud83d\\ude42\"]]"))
                .inputs())
        .containsEntry("x", new StringTensor(Shape.of(2, 2), List.of("", "a\0\n", "Grüße", "🙂")));
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
        "FP32|[1,2]|[[1,2],[3,4]]|data has 2 lists; the shape [1,2] takes 1",
        "FP32|[2,2]|[[1,2],3]|data[1] is 3; a list is needed",
        "FP32|[2,2]|[1,[2]]|data[1] is a list; a number within the range of FP32",
        "FP32|[2]|[[1,2]]|data[0] is a list",
        "FP32|[2,1]|[[[1]],[[2]]]|data[0][0] is a list",
        "FP32|[1]|[\"1\"]|data[0] is \"1\"; a number",
        "INT64|[1]|[null]|data[0] is null; an integer",
        "FP32|[1]|[true]|data[0] is true",
        "INT64|[1]|[NaN]|data[0] is NaN; an integer",
        "BYTES|[1]|[null]|data[0] is null; a string",
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
}
