package dev.modelserver.server.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ElementReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BOOL|[true,false,1,0,1.0,-0]|1 0 1 0 1 0",
        "UINT8|[0,255,2.55e2]|0 255 255",
        "INT8|[-128,127]|-128 127",
        "UINT16|[0,65535]|0 65535",
        "INT16|[-32768,32767]|-32768 32767",
        "UINT32|[0,4294967295]|0 4294967295",
        "INT32|[-2147483648,2147483647,-0.0]|-2147483648 2147483647 0",
        "INT64|[-9223372036854775808,9223372036854775807]|-9223372036854775808 9223372036854775807",
        "INT64|[9007199254740993.0,-9007199254740993e0]|9007199254740993 -9007199254740993",
        "UINT64|[0,9223372036854775808,18446744073709551615]|0 -9223372036854775808 -1",
      })
  void readsIntegersOfEveryNotation(DataType type, String text, String expected)
      throws RequestException {
    NumericTensor tensor = numbers(type, text);

    assertThat(
            IntStream.range(0, (int) tensor.shape().elements())
                .mapToObj(i -> Long.toString(tensor.longAt(i))))
        .containsExactly(expected.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // by way of a double the first would be rounded twice
        "FP32|1.00000017881393432617187499|1.0000001",
        "FP32|1.000000178813934326171875|1.0000002",
        "FP32|1.0000000596046448|1.0000001",
        "FP32|-0.0|-0.0",
        "FP32|-0|-0.0",
        "FP32|3.4028235e38|3.4028235e38",
        "FP64|0.1|0.1",
        "FP64|1.7976931348623157e308|1.7976931348623157e308",
        "FP16|65504|65504",
        "FP16|1.00048828125|1.0",
        "FP16|1.000488281250000000000000000001|1.0009765625",
        "FP16|1.0004882812499999999999999999|1.0",
        "BF16|1.00390625|1.0",
        "BF16|1.00390625000000000000000000001|1.0078125",
      })
  void roundsOnce(DataType type, String text, double expected) throws RequestException {
    double value = numbers(type, "[" + text + "]").doubleAt(0);

    assertThat(Double.doubleToRawLongBits(type == DataType.FP32 ? (float) value : value))
        .isEqualTo(Double.doubleToRawLongBits(type == DataType.FP32 ? (float) expected : expected));
  }

  @ParameterizedTest
  @EnumSource(names = {"FP16", "BF16", "FP32", "FP64"})
  void readsWhatIsMissingOrInfinite(DataType type) throws RequestException {
    NumericTensor tensor =
        numbers(
            type, "[null, NaN, Infinity, -Infinity, \"NaN\", \"Infinity\", \"-Infinity\", 1.5]");

    assertThat(IntStream.range(0, 8).mapToDouble(tensor::doubleAt))
        .containsExactly(
            Double.NaN,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            1.5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FP32|[1,\"1\"]|[1] is \"1\"; a number within the range of FP32 is needed",
        "FP32|[true]|[0] is true; a number",
        "FP32|[[1]]|[0] is a list; a number",
        "FP32|[{}]|[0] is an object; a number",
        "FP32|[1e39]|[0] is 1e39; a number within the range of FP32",
        "FP32|[3.4028236e38]|[0] is 3.4028236e38",
        "FP32|[nan]|not valid JSON at line 1, column 3",
        "FP32|[\"nan\"]|[0] is \"nan\"",
        "FP64|[1e400]|[0] is 1e400; a number within the range of FP64",
        "FP16|[65520]|[0] is 65520; a number within the range of FP16",
        "BF16|[3.4e38]|[0] is 3.4e38; a number within the range of BF16",
        "UINT8|[256]|[0] is 256; an integer from 0 to 255 is needed",
        "UINT8|[-1]|an integer from 0 to 255",
        "INT16|[1,32768]|[1] is 32768; an integer from -32768 to 32767",
        "INT64|[9223372036854775808]|[0] is 9223372036854775808",
        "INT64|[-9223372036854775809]|[0] is -9223372036854775809",
        "INT64|[-18446744073709551615]|[0] is -18446744073709551615",
        "INT64|[1e300]|[0] is 1e300",
        "UINT64|[18446744073709551616]|an integer from 0 to 18446744073709551615",
        "UINT64|[-1]|an integer from 0 to 18446744073709551615",
        "INT32|[1.5]|[0] is 1.5; an integer",
        "INT32|[null]|[0] is null; an integer",
        "INT32|[NaN]|[0] is NaN; an integer",
        "BOOL|[2]|[0] is 2; true or false is needed",
        "BOOL|[-1]|[0] is -1; true or false is needed",
        "BOOL|[\"true\"]|true or false is needed",
        "BOOL|[null]|true or false is needed",
      })
  void saysWhatIsNeeded(DataType type, String text, String words) {
    assertThatThrownBy(() -> numbers(type, text))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining(words);
  }

  @Test
  void countsWhatIsTooMuch() throws RequestException {
    NumericTensor tensor = NumericTensor.allocate(DataType.INT32, Shape.of(4));
    JsonReader json = reader("[1, 2, 3, [4]]");
    json.beginList();

    assertThat(new ElementReader(json, DataType.INT32).numbers(tensor.data(), 1, 2)).isEqualTo(4);
    assertThat(IntStream.range(0, 4).mapToLong(tensor::longAt)).containsExactly(0L, 1L, 2L, 0L);
  }

  @Test
  void readsStrings() throws RequestException {
    JsonReader json = reader("[\"a\", \"\\ud83d\\ude42\", \"b\", 4]");
    json.beginList();
    List<String> values = new ArrayList<>();

    assertThat(new ElementReader(json, DataType.BYTES).strings(values, 3)).isEqualTo(4);
    assertThat(values).containsExactly("a", "🙂", "b");
    JsonReader wrong = reader("[4]");
    wrong.beginList();
    assertThatThrownBy(() -> new ElementReader(wrong, DataType.BYTES).strings(values, 1))
        .hasMessageContaining("[0] is 4; a string is needed");
  }

  private static NumericTensor numbers(DataType type, String text) throws RequestException {
    NumericTensor tensor = NumericTensor.allocate(type, Shape.of(10));
    JsonReader json = reader(text);
    json.beginList();
    int count = new ElementReader(json, type).numbers(tensor.data(), 0, 10);
    assertThat(json.atEnd()).isTrue();
    return new NumericTensor(type, Shape.of(count), tensor.data().slice(0, count * type.size()));
  }

  private static JsonReader reader(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new JsonReader(bytes, bytes.length);
  }
}
