package dev.modelserver.server.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.rows.InputLayout;
import dev.modelserver.server.rows.RowReader;
import dev.modelserver.server.rows.Rows;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PredictBodyTest {

  private static final InputLayout MATRIX =
      layout(List.of("a", "b", "c"), new TensorSpec("x", DataType.FP32, Shape.of(-1, 3)));
  private static final InputLayout NAMELESS =
      layout(List.of(), new TensorSpec("x", DataType.FP32, Shape.of(-1, 3)));
  private static final InputLayout COLUMNS =
      layout(
          List.of(),
          new TensorSpec("age", DataType.INT64, Shape.of(-1, 1)),
          new TensorSpec("sex", DataType.BYTES, Shape.of(-1, 1)));
  private static final InputLayout BYTE =
      layout(List.of(), new TensorSpec("x", DataType.UINT8, Shape.of(-1, 1)));
  private static final InputLayout TOKENS =
      layout(
          List.of(),
          new TensorSpec("ids", DataType.INT32, Shape.of(-1, -1)),
          new TensorSpec("mask", DataType.INT32, Shape.of(-1, -1)));
  private static final InputLayout FIXED =
      layout(List.of(), new TensorSpec("x", DataType.FP32, Shape.of(1, 2)));
  private static final InputLayout VECTOR =
      layout(List.of(), new TensorSpec("x", DataType.FP32, Shape.of(-1)));
  private static final InputLayout IMAGE =
      layout(List.of(), new TensorSpec("x", DataType.FP32, Shape.of(-1, 1, 2, 2)));
  private static final InputLayout FREE_IMAGE =
      layout(List.of(), new TensorSpec("x", DataType.FP32, Shape.of(-1, 3, -1, -1)));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"features\":[1,2.5,-3]}",
        " { \"features\" : [ 1 , 2.5e0 ,\n-3.0 ] } ",
        "{\"a\":1,\"b\":2.5,\"c\":-3}",
        "{\"c\":-3,\"b\":25e-1,\"a\":1.0}",
        "{\"patient\":{\"b\":2.5,\"a\":1,\"c\":-3}}",
        "{\"features\":{\"b\":2.5,\"a\":1,\"c\":-3}}",
        "[1,2.5,-3]",
        "{\"x\":[1,2.5,-3]}",
        "{\"instances\":[1,2.5,-3]}",
        "{\"inputs\":[1,2.5,-3]}",
        "{\"data\":[1,2.5,-3]}",
        "{\"inputs\":{\"x\":[1,2.5,-3]}}",
        "\uFEFF[1,2.5,-3]",
      })
  void readsOneRowInEveryForm(String body) throws RequestException {
    Rows row = parse(MATRIX, body);
    assertThat(row.list()).isFalse();
    assertThat(row.count()).isEqualTo(1);
    assertThat(floats(row, "x")).containsExactly(1f, 2.5f, -3f);
    assertThat(tensor(row, "x").shape()).isEqualTo(Shape.of(1, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"features\":[[1,2,3],[4,5,6]]}",
        "{\"instances\":[{\"a\":1,\"b\":2,\"c\":3},{\"c\":6,\"a\":4,\"b\":5}]}",
        "{\"features\":[{\"a\":1,\"b\":2,\"c\":3},{\"c\":6,\"a\":4,\"b\":5}]}",
        "{\"patients\":[{\"a\":1,\"b\":2,\"c\":3},{\"c\":6,\"a\":4,\"b\":5}]}",
        "[{\"a\":1,\"b\":2,\"c\":3},{\"c\":6,\"a\":4,\"b\":5}]",
        "[[1,2,3],[4,5,6]]",
        "{\"x\":[[1,2,3],[4,5,6]]}",
        "{\"x\":[{\"a\":1,\"b\":2,\"c\":3},{\"c\":6,\"a\":4,\"b\":5}]}",
        "{\"instances\":[[1,2,3],[4,5,6]]}",
        "{\"inputs\":[[1,2,3],[4,5,6]]}",
        "{\"data\":[[1,2,3],[4,5,6]]}",
        "{\"a\":[1,4],\"c\":[3,6],\"b\":[2,5]}",
        "{\"patients\":{\"a\":[1,4],\"c\":[3,6],\"b\":[2,5]}}",
        "[[1,2,3],{\"c\":6,\"a\":4,\"b\":5}]",
        "[{\"a\":[1],\"b\":[2],\"c\":[3]},{\"x\":[4,5,6]}]",
      })
  void readsBatches(String body) throws RequestException {
    Rows rows = parse(MATRIX, body);
    assertThat(rows.list()).isTrue();
    assertThat(rows.count()).isEqualTo(2);
    assertThat(floats(rows, "x")).containsExactly(1f, 2f, 3f, 4f, 5f, 6f);
    assertThat(tensor(rows, "x").shape()).isEqualTo(Shape.of(2, 3));
  }

  /** Growth of the table, over several doublings. */
  @Test
  void readsManyRows() throws RequestException {
    int count = 1000;
    String body =
        IntStream.range(0, count)
            .mapToObj(i -> "[%d,%d.5,-%d]".formatted(i, i, i))
            .collect(Collectors.joining(",", "[", "]"));
    float[] values = floats(parse(MATRIX, body), "x");
    for (int i = 0; i < count; i++) {
      assertThat(values[3 * i + 1]).isEqualTo(i + 0.5f);
      assertThat(values[3 * i + 2]).isEqualTo(-i);
    }
    String texts =
        IntStream.range(0, count)
            .mapToObj(i -> "{\"sex\":\"%d\",\"age\":%d}".formatted(i, i))
            .collect(Collectors.joining(",", "[", "]"));
    Rows rows = parse(COLUMNS, texts);
    assertThat(((StringTensor) tensor(rows, "sex")).values().get(999)).isEqualTo("999");
    assertThat(((NumericTensor) tensor(rows, "age")).longAt(999)).isEqualTo(999);
  }

  @ParameterizedTest
  @CsvSource({
    "3, false",
    "'3,4', true",
    "'[3],[4]', true",
    "'3,[4]', true",
    "'[3]', true",
    "'', false"
  })
  void severalValuesOfAModelOfOneAreRows(String values, boolean list) throws RequestException {
    InputLayout vector =
        InputLayout.of(
            new Signature(
                List.of(new TensorSpec("ids", DataType.INT64, Shape.of(-1))), List.of(), List.of()),
            List.of(),
            new RowAxes(Map.of("y", 0)));
    InputLayout column = layout(List.of(), new TensorSpec("ids", DataType.INT64, Shape.of(-1, 1)));
    for (InputLayout layout : List.of(vector, column)) {
      for (String form : List.of("{\"features\":[%s]}", "[%s]", "{\"instances\":[%s]}")) {
        String body = form.formatted(values);
        if (values.isEmpty()) {
          assertThat(refusal(layout, body)).contains("has 0 values; the model takes 1 value: ids");
          continue;
        }
        Rows rows = parse(layout, body);
        int count = values.contains("4") ? 2 : 1;
        assertThat(rows.count()).isEqualTo(count);
        assertThat(rows.list()).isEqualTo(list);
        assertThat(((NumericTensor) tensor(rows, "ids")).longAt(count - 1)).isEqualTo(2 + count);
        assertThat(tensor(rows, "ids").shape().dim(0)).isEqualTo(count);
      }
      assertThat(parse(layout, "{\"ids\":7}").list()).isFalse();
      assertThat(parse(layout, "{\"ids\":[7,8]}").count()).isEqualTo(2);
      assertThat(parse(layout, "[{\"ids\":7},{\"ids\":8}]").count()).isEqualTo(2);
    }
  }

  /** Of a model whose outputs do not follow the size of its vector, all values are one row. */
  @Test
  void aVectorThatIsARowStaysOne() throws RequestException {
    assertThat(parse(VECTOR, "{\"features\":[30,19]}").count()).isEqualTo(1);
    InputLayout fixed = layout(List.of(), new TensorSpec("x", DataType.FP32, Shape.of(2)));
    assertThat(tensor(parse(fixed, "{\"features\":[30,19]}"), "x").shape()).isEqualTo(Shape.of(2));
    assertThat(refusal(fixed, "{\"features\":[[30,19],[30,19]]}"))
        .isEqualTo("the request has 2 rows; this model takes exactly 1 per request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ids\":[1,2,3],\"mask\":[1,1,0]}",
        "{\"text\":{\"mask\":[1,1,0],\"ids\":[1,2,3]}}",
        "{\"ids\":[[1,2,3]],\"mask\":[[1,1,0]]}",
        "[{\"ids\":[1,2,3],\"mask\":[1,1,0]}]",
        "{\"instances\":[{\"ids\":[1,2,3],\"mask\":[1,1,0]}]}",
      })
  void readsTokensByName(String body) throws RequestException {
    Rows rows = parse(TOKENS, body);
    assertThat(rows.count()).isEqualTo(1);
    assertThat(rows.list()).isEqualTo(body.contains("[[") || body.contains("[{"));
    for (String name : List.of("ids", "mask")) {
      assertThat(tensor(rows, name).shape()).isEqualTo(Shape.of(1, 3));
      assertThat(tensor(rows, name).type()).isEqualTo(DataType.INT32);
    }
    assertThat(((NumericTensor) tensor(rows, "ids")).longAt(2)).isEqualTo(3);
    assertThat(((NumericTensor) tensor(rows, "mask")).longAt(2)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{\"ids\":[1,2],\"mask\":[1,1]},{\"ids\":[1,2,3],\"mask\":[1,1]}]|[1].ids has 3 values; the first row has 2, and all need as many",
        "{\"ids\":[1],\"mask\":[[1]]}|mask is a list; the value of one row, as for ids, is needed",
        "{\"ids\":[[1]],\"mask\":[1]}|mask is a list; a list with the values of each row, as for ids, is needed",
        "{\"ids\":[[1],[2]],\"mask\":[[1]]}|mask has values of 1 row; ids has 2",
        "{\"ids\":[[1]],\"mask\":[[1],[2]]}|mask has values of 2 rows; ids has 1",
        "{\"ids\":[1]}|the body lacks mask; the features are ids, mask",
        "{\"ids\":[],\"mask\":[]}|ids has 0 values; send at least 1",
        "{\"ids\":5,\"mask\":[1]}|ids is 5; a list is needed",
        "{\"ids\":[1,2.5],\"mask\":[1]}|ids[1] is 2.5; an integer",
        "{\"features\":[1,2]}|features is a list; the model takes the values of each input by name: ids, mask",
        "[[1,2]]|[0] is a list; the model takes the values of each input by name: ids, mask",
        "{}|send an object with the values of each input by name: ids, mask; or a list of such objects",
      })
  void refusesTokensAndSaysWhy(String body, String sentence) {
    assertThat(refusal(TOKENS, body)).contains(sentence);
  }

  @Test
  void fillsColumnsOfSeveralTypes() throws RequestException {
    Rows features = parse(COLUMNS, "{\"features\":[[65,\"f\"],[40.0,\"m\"]]}");

    assertThat(((NumericTensor) tensor(features, "age")).longAt(1)).isEqualTo(40);
    assertThat(((StringTensor) tensor(features, "sex")).values()).containsExactly("f", "m");
  }

  @Test
  void takesVectorsOfAnyLengthAndImagesAsFlatRows() throws RequestException {
    assertThat(tensor(parse(VECTOR, "{\"features\":[1,2,3,4,5]}"), "x").shape())
        .isEqualTo(Shape.of(5));
    assertThat(tensor(parse(IMAGE, "{\"features\":[[1,2,3,4],[5,6,7,8]]}"), "x").shape())
        .isEqualTo(Shape.of(2, 1, 2, 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|the body is empty; send {\"features\":[…]} with 3 values: a, b, c; a list of such rows; or the values by name",
        "5|the body is 5; send {\"features\":[…]} with 3 values",
        "\"x\"|the body is \"x\"; send {",
        "{}|the body is an empty object; send {",
        "[]|the body has 0 values; the model takes 3 values: a, b, c",
        "[1,2]|the body has 2 values; the model takes 3 values: a, b, c",
        "{\"features\":[1,2]}|features has 2 values; the model takes 3 values: a, b, c",
        "{\"features\":[1,2,3,4]}|features has 4 values",
        "{\"features\":[]}|features has 0 values",
        "{\"features\":[[1,2,3],[1,2]]}|features[1] has 2 values",
        "{\"features\":[[1,2,3],[]]}|features[1] has 0 values",
        "{\"features\":[[1,2,3],4]}|features[1] is 4; a list is needed: the model takes 3 values",
        "{\"features\":[1,[2],3]}|features[1] is a list; a number within the range of FP32 is needed",
        "{\"features\":[1,\"two\",3]}|features[1] is \"two\"; a number within the range of FP32 is needed",
        "{\"features\":[1,true,3]}|features[1] is true",
        "{\"features\":[1,1e39,3]}|features[1] is 1e39; a number within the range of FP32",
        "{\"features\":[1,1e999,3]}|features[1] is 1e999; a number within the range of FP32",
        "{\"features\":[1,nan,3]}|the body is not valid JSON at line 1",
        "{\"features\":1}|features is 1; send {\"features\":[…]}",
        "{\"features\":[1,2,3]} x|the body goes on after the JSON value",
        "{\"features\":[1,2,3]}{}|the body goes on after the JSON value",
        "{\"features\":[1,2,3],\"other\":1}|\"other\" is not known beside \"features\"",
        "{\"features\":[1,2,3],\"features\":[1,2,3]}|\"features\" is given twice",
        "{\"a\":1,\"b\":2}|the body lacks c; the features are a, b, c",
        "{\"p\":{\"a\":1}}|p lacks b, c",
        "{\"p\":{}}|p lacks a, b, c",
        "[{\"a\":1}]|[0] lacks b, c",
        "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}|the feature \"d\" is not known; the features are a, b, c",
        "{\"a\":1,\"a\":2}|\"a\" is given twice",
        "{\"x\":[1,2,3],\"a\":2}|a is given twice, under another name too",
        "{\"a\":[1],\"b\":2,\"c\":3}|b is 2; a list with the values of each row, as for a, is needed",
        "{\"a\":[1,2],\"b\":[2],\"c\":[3]}|b has values of 1 row; a has 2",
        "{\"a\":[],\"b\":[],\"c\":[]}|a has values of 0 rows; send at least one",
        "{\"x\":[1,2]}|x has 2 values; the model takes 3",
        "{\"x\":5}|x is 5; a list is needed",
        "[{\"a\":[1,2],\"b\":2,\"c\":3}]|[0].a[1] is 2; no second value is needed",
        "{\"z\":[1],\"b\":2,\"c\":3}|\"z\" is not a feature or an input; send {",
        "{\"z\":1,\"b\":2,\"c\":3}|\"z\" is not a feature or an input; send {",
        "{\"features\":[1,2,3|the body ends in the middle",
        "{\"features\":[1,,3]}|the body is not valid JSON at line 1",
        "{\"features\":[[[[[[[[[[[[1]]]]]]]]]]]]}|a list",
        "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}|a.a is an object",
      })
  void refusesAndSaysWhy(String body, String sentence) {
    assertThat(refusal(MATRIX, body)).contains(sentence);
  }

  @Test
  void refusesNestingNumbersAndNamesWithoutMeasure() {
    assertThat(refusal(MATRIX, "[".repeat(250_000))).contains("a list");
    assertThat(refusal(MATRIX, "{\"features\":" + "[".repeat(250_000))).contains("a list");
    assertThat(refusal(MATRIX, "{\"features\":[" + "1".repeat(200) + "]}")).contains("too long");
    assertThat(refusal(MATRIX, "{\"" + "n".repeat(2000) + "\":1}")).contains("too long");
  }

  @Test
  void refusesMoreRowsThanTheLimit() {
    String rows = "[1,2,3],".repeat(RowReader.MAX_ROWS) + "[1,2,3]";

    assertThat(refusal(MATRIX, "{\"features\":[" + rows + "]}")).contains("more than 4096 rows");
  }

  @Test
  void checksTheRangeOfIntegers() {
    assertThat(refusal(BYTE, "{\"features\":[256]}"))
        .isEqualTo("features[0] is 256; an integer from 0 to 255 is needed");
    assertThat(refusal(BYTE, "{\"features\":[1.5]}")).contains("features[0] is 1.5");
    assertThat(refusal(COLUMNS, "{\"age\":99999999999999999999,\"sex\":\"f\"}"))
        .contains("age is 99999999999999999999");
    assertThat(refusal(COLUMNS, "{\"age\":1,\"sex\":2}")).isEqualTo("sex is 2; a string is needed");
  }

  @Test
  void namesWhatAModelCannotTake() {
    assertThat(refusal(FIXED, "{\"features\":[[1,2],[3,4]]}"))
        .contains("the request has 2 rows; this model takes exactly 1");
    assertThat(refusal(NAMELESS, "{\"a\":1}"))
        .isEqualTo(
            "\"a\" is not a feature or an input; send {\"features\":[…]} with 3 values; a list of such"
                + " rows; or the values by name");
    assertThat(refusal(FREE_IMAGE, "{\"features\":[1]}"))
        .contains("x FP32[?,3,?,?] has no fixed row size");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.8, 2,1e1|0.8|2|10",
        "+5,.5,-5.|5|0.5|-5",
        "007,-0,1E+2|7|-0|100",
        "nan,inf,-Infinity|NaN|Infinity|-Infinity",
        "NaN,Infinity,null|NaN|Infinity|NaN",
        "1.0000000596046448,16777217,3|1.0000001|16777216|3",
      })
  void readsQueries(String text, float a, float b, float c) throws RequestException {
    assertThat(floats(QueryRow.read(MATRIX, Map.of("input_data", List.of(text))), "x"))
        .containsExactly(a, b, c);
  }

  @Test
  void readsTextsOfQueriesAsTheyAre() throws RequestException {
    Rows row = QueryRow.read(COLUMNS, Map.of("features", List.of("65,nan")));
    assertThat(((StringTensor) tensor(row, "sex")).values()).containsExactly("nan");
    assertThat(
            ((StringTensor)
                    tensor(QueryRow.read(COLUMNS, "/predict?features=1,%F0%9F%8D%8E"), "sex"))
                .values())
        .containsExactly("\uD83C\uDF4E");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "input_data|1,2|input_data has 2 values",
        "input_data|1,x,3|input_data[1] is \"x\"",
        "input_data|1,none,3|input_data[1] is \"none\"; a number within the range of FP32 is needed",
        "input_data|1,1e,3|input_data[1] is \"1e\"",
        "input_data|1,.,3|input_data[1] is \".\"",
        "input_data|1,,3|input_data[1] is \"\"",
        "other|1|the parameters are other"
      })
  void refusesQueries(String name, String text, String sentence) {
    assertThat(
            catchThrowableOfType(
                RequestException.class, () -> QueryRow.read(MATRIX, Map.of(name, List.of(text)))))
        .hasMessageContaining(sentence);
  }

  private static InputLayout layout(List<String> features, TensorSpec... inputs) {
    return InputLayout.of(
        new Signature(List.of(inputs), List.of(), List.of()), features, RowAxes.NONE);
  }

  /** Bit by bit what V2 gives the model: no detour by a wider type, which would round twice. */
  @ParameterizedTest
  @CsvSource({
    "1.0000000596046448, 3f800001",
    "1.0000000596046447, 3f800000",
    "1.00000005960464477539062500001, 3f800001",
    "-0.0, 80000000",
    "-0, 80000000",
    "0, 0",
    "1e-46, 0",
    "7.006492321624085e-46, 0",
    "16777217, 4b800000",
    "9007199791611905, 5a000001",
    "3.4028235677973367e38, !",
    "3.4028235677973362e38, 7f7fffff",
  })
  void roundsOnce(String number, String bits) throws RequestException {
    for (String form :
        List.of(
            "{\"features\":[%s,1,1]}",
            "[[%s,1,1]]", "[{\"a\":%s,\"b\":1,\"c\":1}]", "{\"a\":[%s],\"b\":[1],\"c\":[1]}")) {
      String body = form.formatted(number);
      if (bits.equals("!")) {
        assertThat(refusal(MATRIX, body)).contains("within the range of FP32");
      } else {
        assertThat(
                Integer.toHexString(Float.floatToRawIntBits(floats(parse(MATRIX, body), "x")[0])))
            .isEqualTo(bits);
      }
    }
  }

  /** What Python's json.dumps writes, and what JSON has in their place. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null,NaN,Infinity,-Infinity",
        "\"NaN\",\"NaN\",\"Infinity\",\"-Infinity\"",
      })
  void readsMissingAndInfiniteValues(String values) throws RequestException {
    for (DataType type : List.of(DataType.FP32, DataType.FP64, DataType.FP16, DataType.BF16)) {
      InputLayout four =
          layout(List.of("a", "b", "c", "d"), new TensorSpec("x", type, Shape.of(-1, 4)));
      String[] each = values.split(",");
      for (String body :
          List.of(
              "{\"features\":[%s]}".formatted(values),
              "[[%s]]".formatted(values),
              "[{\"a\":%s,\"b\":%s,\"c\":%s,\"d\":%s}]".formatted((Object[]) each))) {
        NumericTensor read = (NumericTensor) tensor(parse(four, body), "x");
        assertThat(read.doubleAt(0)).isNaN();
        assertThat(read.doubleAt(1)).isNaN();
        assertThat(read.doubleAt(2)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(read.doubleAt(3)).isEqualTo(Double.NEGATIVE_INFINITY);
      }
    }
    assertThat(refusal(BYTE, "[null]"))
        .isEqualTo("[0] is null; an integer from 0 to 255 is needed");
    assertThat(refusal(COLUMNS, "[1,null]")).isEqualTo("[1] is null; a string is needed");
    assertThat(refusal(COLUMNS, "[NaN,\"f\"]")).startsWith("[0] is NaN; an integer");
  }

  @Test
  void findsNamesBeyondTheBmp() throws RequestException {
    String apple = "\uD83C\uDF4E";
    InputLayout fruit =
        layout(
            List.of(apple, "\uD842\uDFB7", "\u00e9"),
            new TensorSpec("x", DataType.FP32, Shape.of(-1, 3)));
    for (String body :
        List.of(
            "{\"\u00e9\":3,\"%s\":1,\"\uD842\uDFB7\":2}".formatted(apple),
            "{\"\\u00e9\":3,\"\\ud83c\\udf4e\":1,\"\\ud842\\udfb7\":2}",
            "[{\"\\u00E9\":3,\"\\uD83C\\uDF4E\":1,\"\uD842\uDFB7\":2}]")) {
      assertThat(floats(parse(fruit, body), "x")).containsExactly(1f, 2f, 3f);
    }
    assertThat(refusal(fruit, "{\"\\ud83c\":1}")).contains("half of a surrogate pair");
    assertThat(refusal(fruit, "{\"%s\":1}".formatted(apple)))
        .isEqualTo(
            "the body lacks \uD842\uDFB7, \u00e9; the features are %s, \uD842\uDFB7, \u00e9"
                .formatted(apple));
  }

  @Test
  void readsTextsInBase64() throws RequestException {
    InputLayout text = layout(List.of(), new TensorSpec("x", DataType.BYTES, Shape.of(-1, 1)));
    for (String body :
        List.of(
            "[{\"b64\":\"w6k=\"}]",
            "[{\"x\":{\"b64\":\"w6k\"}}]",
            "{\"x\":[{\"b64\":\"w6k=\"}]}",
            "[[{\"b64\":\"w6k=\"}]]")) {
      assertThat(((StringTensor) tensor(parse(text, body), "x")).values())
          .containsExactly("\u00e9");
    }
    assertThat(refusal(text, "[{\"b64\":\"/w==\"}]"))
        .isEqualTo("[0].b64 holds bytes that are not UTF-8; the model takes text");
    assertThat(refusal(text, "[[{\"b64\":\"!\"}]]"))
        .isEqualTo("[0][0].b64 is not valid Base64; correct it");
    assertThat(refusal(text, "[[{\"c\":\"w6k\"}]]"))
        .startsWith("[0][0].c is not known; a string, or {\"b64\": ");
    assertThat(refusal(BYTE, "[{\"b64\":\"w6k=\"}]"))
        .contains("[0].b64 has bytes in Base64; the model takes an integer");
  }

  /** Memory is not taken for what a short body cannot hold. */
  @Test
  void aShortBodyTakesNoMemoryForWideRows() {
    InputLayout wide = layout(List.of(), new TensorSpec("x", DataType.FP64, Shape.of(-1, 1 << 26)));
    assertThat(refusal(wide, "{\"features\":[1]}"))
        .isEqualTo(
            "the body has too few values for its rows; the model takes 67108864 values for each");
    List<String> names = IntStream.range(0, 60_000).mapToObj(i -> "f" + i).toList();
    InputLayout many = layout(names, new TensorSpec("x", DataType.FP64, Shape.of(-1, 60_000)));
    assertThat(refusal(many, "{\"f0\":[" + "1,".repeat(4000) + "1]}"))
        .startsWith("the body has too few values");
    InputLayout larger =
        layout(List.of(), new TensorSpec("x", DataType.FP64, Shape.of(-1, 1L << 40, 1L << 40)));
    assertThat(refusal(larger, "[1]")).contains("has rows that are too large");
  }

  @Test
  void namesInputsThatAreNoRows() {
    InputLayout states =
        layout(
            List.of(),
            new TensorSpec("audio", DataType.FP32, Shape.of(1, 512)),
            new TensorSpec("state", DataType.FP32, Shape.of(2, 64)));
    assertThat(refusal(states, "[1]"))
        .isEqualTo(
            "this model does not accept rows: its inputs take different fixed numbers of rows: audio"
                + " FP32[1,512] takes 1, state FP32[2,64] takes 2; send tensors over the Open Inference Protocol (/v2)");
    assertThat(refusal(FREE_IMAGE, "[1]"))
        .endsWith("send tensors over the Open Inference Protocol (/v2)");
  }

  /** Without a shape nothing tells rows from values. */
  @Test
  void namesTheProtocolForAnInputOfAnyShape() throws RequestException {
    TensorSpec open = TensorSpec.ofAnyShape("x", DataType.FP32);
    Rows one = parse(layout(List.of(), open), "{\"features\":[2]}");

    assertThat(floats(one, "x")).containsExactly(2f);
    assertThat(tensor(one, "x").shape()).isEqualTo(Shape.of());
    assertThat(refusal(layout(List.of(), open), "{\"features\":[[1,2]]}"))
        .isEqualTo(
            "features[0] has 2 values; the model takes 1 value: x (the Open Inference Protocol,"
                + " /v2, accepts tensors of any shape)");
    assertThat(refusal(layout(List.of(), open), "[1,2]"))
        .isEqualTo(
            "the request has 2 rows; this model takes exactly 1 per request (the Open Inference"
                + " Protocol, /v2, accepts tensors of any shape)");
    assertThat(refusal(layout(List.of(), open.withLeastWidth(4)), "[1,2,3,4]"))
        .isEqualTo(
            "this model does not accept rows: the input x FP32 of any shape has no fixed row size,"
                + " so that rows of features cannot be told apart; send tensors over the Open"
                + " Inference Protocol (/v2)");
  }

  @Test
  void describedFeaturesFixTheWidthOfAModelThatTakesAny() throws RequestException {
    InputLayout free =
        layout(List.of("a", "b"), new TensorSpec("x", DataType.FP32, Shape.of(-1, -1)));

    Rows features = parse(free, "{\"b\":2,\"a\":1}");

    assertThat(floats(features, "x")).containsExactly(1f, 2f);
    assertThat(features.inputs().get("x"))
        .extracting(tensor -> tensor.shape())
        .isEqualTo(Shape.of(1, 2));
    assertThat(refusal(free, "{\"features\":[1,2,3]}"))
        .isEqualTo("features has 3 values; the model takes 2 values: a, b");
  }

  @Test
  void rowsHaveWhatTheModelReads() throws RequestException {
    TensorSpec read = new TensorSpec("x", DataType.FP32, Shape.of(-1, -1)).withLeastWidth(3);
    assertThat(floats(parse(layout(List.of(), read), "{\"features\":[1,2,3,4]}"), "x")).hasSize(4);
    assertThat(refusal(layout(List.of(), read), "{\"features\":[[1,2,3],[1,2]]}"))
        .isEqualTo("features[1] has 2 values; the model takes at least 3 values");
    assertThat(refusal(layout(List.of("a", "b"), read), "{\"features\":[1,2]}"))
        .isEqualTo("features has 2 values; the model takes at least 3 values");
    assertThat(refusal(layout(List.of("a", "b", "c"), read), "{\"features\":[1,2,3,4]}"))
        .isEqualTo("features has 4 values; the model takes 3 values: a, b, c");
  }

  @Test
  void everyOneOfManyNamesIsFound() throws RequestException {
    int width = 50_000;
    List<String> names = IntStream.range(0, width).mapToObj(i -> "feature " + i).toList();
    InputLayout wide = layout(names, new TensorSpec("x", DataType.FP32, Shape.of(-1, width)));
    String body =
        names.stream().map(name -> "\"" + name + "\":1").collect(Collectors.joining(",", "{", "}"));

    assertThat(floats(parse(wide, body), "x")).hasSize(width).containsOnly(1f);
  }

  private static Rows parse(InputLayout layout, String body) throws RequestException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return PredictBody.read(layout, bytes, bytes.length);
  }

  private static String refusal(InputLayout layout, String body) {
    RequestException refused =
        catchThrowableOfType(RequestException.class, () -> parse(layout, body));
    assertThat(refused)
        .as("refusal of " + body.substring(0, Math.min(60, body.length())))
        .isNotNull();
    return refused.failure().message();
  }

  private static dev.modelserver.server.tensor.Tensor tensor(Rows features, String name) {
    return java.util.Objects.requireNonNull(features.inputs().get(name));
  }

  private static float[] floats(Rows features, String name) {
    NumericTensor tensor = (NumericTensor) tensor(features, name);
    float[] values = new float[(int) tensor.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) tensor.doubleAt(i);
    }
    return values;
  }
}
