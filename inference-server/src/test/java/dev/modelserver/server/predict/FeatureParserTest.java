package dev.modelserver.server.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
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

class FeatureParserTest {

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
        "{\"a\":1,\"b\":2.5,\"c\":-3}",
        "{\"c\":-3,\"b\":25e-1,\"a\":1.0}",
        "{\"patient\":{\"b\":2.5,\"a\":1,\"c\":-3}}",
        "{\"features\":{\"b\":2.5,\"a\":1,\"c\":-3}}",
      })
  void readsOneRowInEveryForm(String body) throws RequestException {
    Features features = parse(MATRIX, body);

    assertThat(features.batch()).isFalse();
    assertThat(floats(features, "x")).containsExactly(1f, 2.5f, -3f);
    assertThat(features.inputs().get("x"))
        .extracting(tensor -> tensor.shape())
        .isEqualTo(Shape.of(1, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"features\":[[1,2,3],[4,5,6]]}",
        "{\"instances\":[{\"a\":1,\"b\":2,\"c\":3},{\"c\":6,\"a\":4,\"b\":5}]}"
      })
  void readsBatches(String body) throws RequestException {
    Features features = parse(MATRIX, body);

    assertThat(features.batch()).isTrue();
    assertThat(features.rows()).isEqualTo(2);
    assertThat(floats(features, "x")).containsExactly(1f, 2f, 3f, 4f, 5f, 6f);
  }

  @Test
  void fillsColumnsOfSeveralTypes() throws RequestException {
    Features features = parse(COLUMNS, "{\"features\":[[65,\"f\"],[40.0,\"m\"]]}");

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
        "``|the body is empty",
        "[1,2,3]|the body is not a JSON object",
        "{}|features is missing",
        "{\"features\":[1,2]}|features has 2 values; the model takes 3 values: a, b, c",
        "{\"features\":[1,2,3,4]}|features has 4 values",
        "{\"features\":[]}|features has 0 values",
        "{\"features\":[[1,2,3],[1,2]]}|features[1] has 2 values",
        "{\"features\":[[1,2,3],4]}|features[1] is 4, but features[0] is a row",
        "{\"features\":[1,[2],3]}|features[1] is a list; a single value is needed",
        "{\"features\":[1,\"two\",3]}|features[1] is \"two\"; a number within the range of FP32 is needed",
        "{\"features\":[1,null,3]}|features[1] is null",
        "{\"features\":[1,true,3]}|features[1] is true",
        "{\"features\":[1,1e39,3]}|features[1] is 1.0E39; a number within the range of FP32",
        "{\"features\":[1,1e999,3]}|features[1] is Infinity",
        "{\"features\":[1,NaN,3]}|the body holds NaN at line 1",
        "{\"features\":[1,-Infinity,3]}|the body holds -Infinity",
        "{\"features\":1}|features is 1; it takes a list",
        "{\"features\":[1,2,3]} x|the body",
        "{\"features\":[1,2,3]}{}|the body goes on after the JSON object",
        "{\"features\":[1,2,3],\"other\":1}|\"other\" is not known beside \"features\"",
        "{\"features\":[1,2,3],\"features\":[1,2,3]}|\"features\" is given twice",
        "{\"a\":1,\"b\":2}|the body lacks c",
        "{\"p\":{\"a\":1}}|\"p\" lacks b, c",
        "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}|the feature \"d\" is not known; the features are a, b, c",
        "{\"a\":1,\"a\":2}|\"a\" is given twice",
        "{\"a\":[1],\"b\":2,\"c\":3}|a is a list; a single value is needed",
        "{\"z\":[1],\"b\":2,\"c\":3}|\"z\" is not a feature; the features are a, b, c",
        "{\"features\":[1,2,3|the body ends in the middle",
        "{\"features\":[1,,3]}|the body is not valid JSON at line 1",
        "{\"features\":[[[[[[[[[[[[1]]]]]]]]]]]]}|a list",
        "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}|a is an object",
      })
  void refusesAndSaysWhy(String body, String sentence) {
    assertThat(refusal(MATRIX, body)).contains(sentence);
  }

  @Test
  void refusesNestingNumbersAndNamesWithoutMeasure() {
    assertThat(refusal(MATRIX, "[".repeat(250_000))).contains("not a JSON object");
    assertThat(refusal(MATRIX, "{\"features\":" + "[".repeat(250_000))).contains("a list");
    assertThat(refusal(MATRIX, "{\"features\":[" + "1".repeat(200) + "]}")).contains("too long");
    assertThat(refusal(MATRIX, "{\"" + "n".repeat(2000) + "\":1}")).contains("too long");
  }

  @Test
  void refusesMoreRowsThanTheLimit() {
    String rows = "[1,2,3],".repeat(RowCollector.MAX_ROWS) + "[1,2,3]";

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
        .contains("features has 2 rows; this model takes exactly 1");
    assertThat(refusal(NAMELESS, "{\"a\":1}")).contains("have no names");
    assertThat(refusal(FREE_IMAGE, "{\"features\":[1]}"))
        .contains("x FP32[?,3,?,?] has no fixed row size");
  }

  @Test
  void readsQueries() throws RequestException {
    assertThat(
            floats(QueryFeatures.parse(MATRIX, Map.of("input_data", List.of("0.8, 2,1e1"))), "x"))
        .containsExactly(0.8f, 2f, 10f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "input_data|1,2|input_data has 2 values",
        "input_data|1,x,3|input_data[1] is \"x\"",
        "input_data|1,NaN,3|input_data[1] is \"NaN\"",
        "other|1|the parameters are other"
      })
  void refusesQueries(String name, String text, String sentence) {
    assertThat(
            catchThrowableOfType(
                RequestException.class,
                () -> QueryFeatures.parse(MATRIX, Map.of(name, List.of(text)))))
        .hasMessageContaining(sentence);
  }

  private static InputLayout layout(List<String> features, TensorSpec... inputs) {
    return InputLayout.of(new Signature(List.of(inputs), List.of(), List.of()), features);
  }

  @Test
  void describedFeaturesFixTheWidthOfAModelThatTakesAny() throws RequestException {
    InputLayout free =
        layout(List.of("a", "b"), new TensorSpec("x", DataType.FP32, Shape.of(-1, -1)));

    Features features = parse(free, "{\"b\":2,\"a\":1}");

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

  private static Features parse(InputLayout layout, String body) throws RequestException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return FeatureParser.parse(layout, bytes, bytes.length);
  }

  private static String refusal(InputLayout layout, String body) {
    RequestException refused =
        catchThrowableOfType(RequestException.class, () -> parse(layout, body));
    assertThat(refused)
        .as("refusal of " + body.substring(0, Math.min(60, body.length())))
        .isNotNull();
    return refused.failure().message();
  }

  private static dev.modelserver.server.tensor.Tensor tensor(Features features, String name) {
    return java.util.Objects.requireNonNull(features.inputs().get(name));
  }

  private static float[] floats(Features features, String name) {
    NumericTensor tensor = (NumericTensor) tensor(features, name);
    float[] values = new float[(int) tensor.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) tensor.doubleAt(i);
    }
    return values;
  }
}
