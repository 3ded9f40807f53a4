package dev.modelserver.server.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.failure.RequestException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An error names the place of the fault. */
class JsonReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1,\"b\":[1,2|the body ends in the middle of the JSON; send all of it",
        "{\"a|ends in the middle",
        "{\"a\"|ends in the middle",
        "{\"a\\|ends in the middle",
        "{\"a\\u12|ends in the middle",
        "{\"a\":tru|ends in the middle",
        "{\"a\":-|ends in the middle",
        "{\"a\":1.|ends in the middle",
        "''|ends in the middle",
        "{\"a\":1,}|not valid JSON at line 1, column 8; correct it there",
        "[1,]|not valid JSON at line 1, column 4",
        "[,1]|not valid JSON at line 1, column 2",
        "[1 2]|not valid JSON at line 1, column 4",
        "{a:1}|not valid JSON at line 1, column 2",
        "{\"a\" 1}|not valid JSON at line 1, column 6",
        "{'a':1}|not valid JSON at line 1, column 2",
        "[01]|not valid JSON at line 1, column 2",
        "[1.]|not valid JSON at line 1, column 2",
        "[.5]|not valid JSON at line 1, column 2",
        "[+1]|not valid JSON at line 1, column 2",
        "[nulL]|not valid JSON at line 1, column 5",
        "[\"\\x\"]|not valid JSON at line 1, column 4",
        "[\"\\u00g0\"]|not valid JSON at line 1, column 7",
        "[\"\\ud83d\"]|half of a surrogate pair at line 1, column 3; send both halves",
        "[\"\\ude42\\ud83d\"]|half of a surrogate pair",
        "{\"a\":1,\"\\u0061\":2}|\"a\" is given twice; send each field once",
        "[[[[[[[[[[[1]]]]]]]]]]]|nested deeper than 10 levels",
      })
  void saysWhatIsWrong(String text, String words) {
    assertThatThrownBy(() -> skip(bytes(text)))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource({
    "C080",
    "C1BF",
    "E08080",
    "EDA080",
    "F0808080",
    "F4908080",
    "F5808080",
    "80",
    "C3",
    "FF"
  })
  void refusesWhatIsNotUtf8(String hex) {
    byte[] character = HexFormat.of().parseHex(hex);
    byte[] text = new byte[character.length + 4];
    text[0] = '[';
    text[1] = '"';
    System.arraycopy(character, 0, text, 2, character.length);
    text[text.length - 2] = '"';
    text[text.length - 1] = ']';

    assertThatThrownBy(() -> skip(text))
        .hasMessage("the body is not valid UTF-8 at line 1, column 3; send JSON in UTF-8");
  }

  @Test
  void countsLinesOfAllSystems() {
    assertThatThrownBy(() -> skip(bytes("[\n1,\r\n2,\r3,x]")))
        .hasMessageContaining("at line 4, column 3");
  }

  @Test
  void refusesUtf16() {
    assertThatThrownBy(() -> skip("[1]".getBytes(StandardCharsets.UTF_16)))
        .hasMessageContaining("not valid UTF-8");
    assertThatThrownBy(() -> skip("[1]".getBytes(StandardCharsets.UTF_16LE)))
        .hasMessageContaining("not valid UTF-8");
  }

  @Test
  void passesOverAByteOrderMark() throws RequestException {
    assertThat(skip(bytes("\uFEFF[1]")).atEnd()).isTrue();
  }

  @Test
  void limitsNumbersNamesAndStrings() throws RequestException {
    skip(bytes("[" + "1".repeat(100) + "]"));
    assertThatThrownBy(() -> skip(bytes("[" + "1".repeat(101) + "]")))
        .hasMessageContaining("too long at line 1, column 2; send a shorter one");
    skip(bytes("{\"" + "n".repeat(1000) + "\":1}"));
    assertThatThrownBy(() -> skip(bytes("{\"" + "n".repeat(1001) + "\":1}")))
        .hasMessageContaining("too long at line 1, column 2");
    assertThat(reader("\"" + "s".repeat(1 << 20) + "\"").string()).hasSize(1 << 20);
    assertThatThrownBy(() -> reader("\"" + "s".repeat((1 << 20) + 1) + "\"").string())
        .hasMessageContaining("too long");
    assertThatThrownBy(
            () ->
                skip(
                    bytes(
                        IntStream.rangeClosed(0, JsonReader.MAX_NAMES)
                            .mapToObj(i -> "\"" + i + "\":1")
                            .collect(Collectors.joining(",", "{", "}")))))
        .hasMessageContaining("more than 65536 fields");
  }

  @Test
  void takesTheDepthItIsGiven() throws RequestException {
    byte[] text = bytes("[[[1]]]");

    new JsonReader(text, 0, text.length, 3).skip();
    assertThatThrownBy(() -> new JsonReader(text, 0, text.length, 2).skip())
        .hasMessageContaining("deeper than 2 levels");
  }

  @Test
  void readsAPartOfItsBytes() throws RequestException {
    byte[] text = bytes("xx[12]34");
    JsonReader json = new JsonReader(text, 2, 6, JsonReader.MAX_DEPTH);
    json.skip();

    assertThat(json.atEnd()).isTrue();
    byte[] cut = bytes("[1234]");
    assertThatThrownBy(() -> new JsonReader(cut, 0, 3, JsonReader.MAX_DEPTH).skip())
        .hasMessageContaining("ends in the middle");
  }

  @Test
  void namesThePlace() throws RequestException {
    JsonReader json = reader("{\"inputs\":[{\"name\":\"x\"},{\"data\":[1,[2,true]]}]}");
    assertThat(json.path()).isEqualTo("the body");
    json.beginObject();
    assertThat(json.nextName()).isEqualTo("inputs");
    assertThat(json.path()).isEqualTo("inputs");
    json.beginList();
    assertThat(json.nextElement()).isTrue();
    json.skip();
    assertThat(json.nextElement()).isTrue();
    json.beginObject();
    json.nextName();
    json.beginList();
    json.nextElement();
    json.skip();
    json.nextElement();
    assertThat(json.path()).isEqualTo("inputs[1].data[1]");
    json.beginList();
    json.nextElement();
    assertThat(json.natural(2, "a size")).isEqualTo(2);
    json.nextElement();

    assertThat(json.path()).isEqualTo("inputs[1].data[1][1]");
    assertThatThrownBy(json::string).hasMessage("inputs[1].data[1][1] is true; a string is needed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1]|a list",
        "{}|an object",
        "\"x\"|\"x\"",
        "null|null",
        "1.5e3|1.5e3",
        "-Infinity|-Infinity",
        "false|false"
      })
  void showsAValue(String text, String shown) throws RequestException {
    assertThat(reader(text).shown()).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({"-1", "101", "1.0", "1e1", "99999999999999999999", "true", "\"1\""})
  void takesIntegersInTheirRange(String text) throws RequestException {
    assertThat(reader("100").natural(100, "a size")).isEqualTo(100);
    assertThat(reader("-0").natural(100, "a size")).isZero();
    assertThat(reader("9223372036854775807").natural(Long.MAX_VALUE, "a size"))
        .isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> reader(text).natural(100, "a size"))
        .hasMessage("the body is %s; a size from 0 to 100 is needed".formatted(text));
  }

  @Test
  void readsNamesOfRowsOnce() throws RequestException {
    JsonReader json = reader("[{\"a\":1,\"😀\":2},{\"a\":1,\"😀\":2},{\"a\":1,\"a\":2}]");
    json.beginList();
    String[][] names = new String[2][2];
    for (String[] row : names) {
      json.nextElement();
      json.beginObject();
      for (int i = 0; i < 2; i++) {
        row[i] = json.nextName();
        json.skip();
      }
      assertThat(json.nextName()).isNull();
    }

    assertThat(names[1][1]).isEqualTo("😀").isSameAs(names[0][1]);
    assertThat(Arrays.asList(names[0])).containsExactly("a", "😀");
    json.nextElement();
    assertThatThrownBy(json::skip).hasMessageContaining("\"a\" is given twice");
  }

  private static JsonReader skip(byte[] text) throws RequestException {
    JsonReader json = new JsonReader(text, text.length);
    json.skip();
    return json;
  }

  private static JsonReader reader(String text) {
    byte[] bytes = bytes(text);
    return new JsonReader(bytes, bytes.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
