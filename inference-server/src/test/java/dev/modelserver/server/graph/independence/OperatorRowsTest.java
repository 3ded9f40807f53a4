package dev.modelserver.server.graph.independence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One operator at a time: where its rows are, or why they depend on each other. */
class OperatorRowsTest {

  /**
   * Inputs: "?x4" is an input with rows, "4x3" are weights, "[1,2]" are integers and "{1,2}" floats
   * of the file, "-" is left out. Expected: the axis of the rows of each output, "none" where an
   * output has none, or else what stands in the reason.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // element by element
        "Relu           | ?x4          |                 | 0",
        "Add            | ?x4 ?x4      |                 | 0",
        "Add            | ?x4 4        |                 | 0",
        "Add            | ?x4 1x4      |                 | 0",
        "Add            | ?x4 3x4      |                 | are not of the same row",
        "Add            | ?x4 5x3x4    |                 | are not of the same row",
        "Add            | ?x4 5x1x4    |                 | 1",
        "Sub            | ?x1 ?x4x1    |                 | are not of the same row",
        "Mul            | ?x4 ?x?x4    |                 | are not of the same row",
        "Where          | ?x4 ?x4 1    |                 | 0",
        "Clip           | ?x4 [0] [6]  |                 | 0",
        "PRelu          | ?x3x4 3x1    |                 | 0",
        "Cast           | ?x4          | to=7            | 0",
        "Dropout        | ?x4          |                 | 0",
        "Dropout        | ?x4 - 1      |                 | drops values by chance",
        "Add            | 3x4 3x4      |                 | none",
        "RandomNormalLike | ?x4        |                 | gives random numbers",
        "Bernoulli      | ?x4          |                 | gives random numbers",
        "NonZero        | ?x4          |                 | is not known to keep rows apart",
        "Compress       | ?x4 [1,0]    | axis=0          | is not known to keep rows apart",
        "Unique         | ?x4          |                 | is not known to keep rows apart",
        "NonMaxSuppression | ?x8x4 ?x1x8 |               | is not known to keep rows apart",
        "mine:Own       | ?x4          |                 | is not known to keep rows apart",
        // along axes
        "Softmax        | ?x4          |                 | 0",
        "Softmax        | ?x4          | axis=0          | computes over all rows",
        "LogSoftmax     | ?x3x4        | axis=1          | 0",
        "Hardmax        | ?x3x4        | axis=-3         | computes over all rows",
        "LpNormalization | ?x4         | axis=0          | computes over all rows",
        "LpNormalization | ?x4         |                 | 0",
        "ReduceMean     | ?x3x4        | axes=[1]        | 0",
        "ReduceMean     | ?x3x4        | axes=[-3]       | computes over all rows",
        "ReduceMean     | ?x3x4        |                 | computes over all rows",
        "ReduceSum      | ?x4 [1]      | keepdims=0      | 0",
        "ReduceSum      | ?x4 [0]      |                 | computes over all rows",
        "ReduceSum      | ?x4          |                 | computes over all rows",
        "ReduceSum      | ?x4          | noop_with_empty_axes=1 | 0",
        "ArgMax         | ?x4          | axis=1 keepdims=0 | 0",
        "ArgMax         | ?x4          |                 | computes over all rows",
        "CumSum         | ?x4 [1]      |                 | 0",
        "CumSum         | ?x4 [0]      |                 | computes over all rows",
        "TopK           | ?x4 [2]      |                 | 0 0",
        "TopK           | ?x4 [2]      | axis=0          | takes the largest of all rows",
        // products
        "MatMul         | ?x4 4x3      |                 | 0",
        "MatMul         | ?x5x4 4x3    |                 | 0",
        "MatMul         | 3x4 ?x4x5    |                 | 0",
        "MatMul         | ?x5x4 ?x4x5  |                 | 0",
        "MatMul         | ?x4 ?x4x3    |                 | combines each row with every other row",
        "MatMul         | 5x3 3x?      |                 | no free number of rows",
        "Gemm           | ?x4 4x3 3    |                 | 0",
        "Gemm           | ?x4 3x4 3    | transB=1        | 0",
        "Gemm           | ?x4 4x3 5x3  |                 | are not of the same row",
        "Gemm           | ?x4 ?x4      | transA=1        | sums over the rows",
        "Gemm           | ?x4 ?x4      | transB=1        | combines each row with every other row",
        "Einsum         | ?x4 4x3      | equation=bi,ij->bj | 0",
        "Einsum         | ?x4 ?x4      | equation=bi,bi->b | 0",
        "Einsum         | ?x4 ?x4      | equation=bi,ci->bc | combines each row with every other"
            + " row",
        "Einsum         | ?x4 4x3      | equation=bi,ij->j | sums over the rows",
        "Einsum         | ?x5x4 4x3    | equation=...i,ij->...j | 0",
        "MatMulInteger  | ?x4 4x3      |                 | 0",
        "com.microsoft:FusedMatMul | ?x4x5 ?x4x5 | transA=1 | 0",
        "com.microsoft:CDist | ?x4 9x4 |                 | 0",
        "com.microsoft:CDist | ?x4 ?x4 |                 | combines each row with every other row",
        // windows
        "Conv           | ?x3x8x8 4x3x3x3 4 |            | 0",
        "Conv           | ?x3x8x8 ?x3x3x3 |              | weights that depend on the rows",
        "ConvTranspose  | ?x3x8x8 3x4x2x2 | strides=[2,2] | 0",
        "MaxPool        | ?x3x8x8      | kernel_shape=[2,2] | 0",
        "GlobalAveragePool | ?x3x8x8   |                 | 0",
        "ConvInteger    | ?x3x8x8 4x3x3x3 |              | 0",
        "QLinearConv    | ?x3x8x8 1 1 4x3x3x3 1 1 1 1 |  | 0",
        // normalization
        "BatchNormalization | ?x3x8 3 3 3 3 |            | 0",
        "BatchNormalization | ?x3x8 3 3 3 3 | training_mode=1 | exported for training",
        "InstanceNormalization | ?x3x8 3 3 |             | 0",
        "GroupNormalization | ?x4x8 4 4 | num_groups=2   | 0",
        "LayerNormalization | ?x3x8 8 8 |                | 0 0 0",
        "LayerNormalization | ?x8 8 8  | axis=0          | computes its mean over the rows",
        "MeanVarianceNormalization | ?x3x8x8 |           | computes its mean over the rows",
        "MeanVarianceNormalization | ?x3x8x8 | axes=[1,2,3] | 0",
        "LRN            | ?x3x8x8      | size=3          | 0",
        "com.microsoft:SkipLayerNormalization | ?x5x8 ?x5x8 8 8 8 | | 0 0 0 0",
        // shapes
        "Reshape        | ?x12 [-1,3,4] |                | 0",
        "Reshape        | ?x12 [0,4,3] |                 | 0",
        "Reshape        | ?x12 [0,-1]  |                 | 0",
        "Reshape        | ?x12 [-1,4]  |                 | 0",
        "Reshape        | ?x12 [-1,5]  |                 | need not be whole rows",
        "Reshape        | ?x12 [1,12]  |                 | a fixed number of rows",
        "Reshape        | ?x12 [-1]    |                 | 0",
        "Reshape        | ?x?x12 [-1,24] |               | need not be whole rows",
        "Flatten        | ?x3x4        |                 | 0",
        "Flatten        | ?x3x4        | axis=0          | 1",
        "Squeeze        | ?x1x4 [1]    |                 | 0",
        "Squeeze        | ?x1x4        |                 | when there is one row",
        "Squeeze        | ?x1x4 [0]    |                 | removes the axis of the rows",
        "Unsqueeze      | ?x4 [0]      |                 | 1",
        "Transpose      | ?x3x4        | perm=[1,0,2]    | 1",
        "Transpose      | ?x3x4        |                 | 2",
        "Expand         | ?x1x4 [1,5,1] |                | 0",
        "Expand         | ?x4 [3,1,1]  |                 | 1",
        "Expand         | ?x4 [7,4]    |                 | are not of the same row",
        "Tile           | ?x4 [1,2]    |                 | 0",
        "Tile           | ?x4 [2,1]    |                 | repeats the rows",
        "Concat         | ?x4 ?x3      | axis=1          | 0",
        "Concat         | ?x4 ?x4      | axis=0          | along the axis of the rows",
        "Concat         | ?x4 1x4      | axis=1          | with values that are not rows",
        "Split          | ?x4          | axis=1 split=[1,3] | 0 0",
        "Split          | ?x4          | axis=0          | cuts the axis of the rows",
        "Slice          | ?x4 [1] [3] [1] |              | 0",
        "Slice          | ?x4 [0] [1] [0] |              | takes a part of the rows",
        "Slice          | ?x4 [0] [9223372036854775807] [0] | | 0",
        "Slice          | ?x4 [-1] [-9223372036854775807] [0] [-1] | | takes a part of the rows",
        "Pad            | ?x4 [0,1,0,1] |                | 0",
        "Pad            | ?x4 [1,0,0,0] |                | changes the number of rows",
        "Resize         | ?x3x8x8 - {1,1,2,2} |          | 0",
        "Resize         | ?x3x8x8 - {2,1,2,2} |          | changes the number of rows",
        "Trilu          | ?x4x4        |                 | 0",
        "Trilu          | ?x4          |                 | a triangle of the rows",
        "DepthToSpace   | ?x4x8x8      | blocksize=2     | 0",
        "Shape          | ?x4          |                 | depends on the number of rows",
        "Shape          | ?x4          | start=1         | none",
        "Range          | [0] [5] [1]  |                 | none",
        "EyeLike        | ?x4          |                 | is not known to keep rows apart",
        // indices
        "Gather         | 50x8 ?x3     |                 | 0",
        "Gather         | ?x8 [2,1]    | axis=1          | 0",
        "Gather         | ?x8 [0]      |                 | picks rows by their position",
        "Gather         | ?x8 ?x3      | axis=1          | combines each row with every other row",
        "GatherElements | ?x8 ?x3      | axis=1          | 0",
        "GatherElements | ?x8 ?x8      | axis=0          | picks rows by their position",
        "GatherElements | ?x8 5x3      | axis=1          | picks rows by their position",
        "GatherND       | ?x8x4 ?x3x1  | batch_dims=1    | 0",
        "GatherND       | ?x8x4 ?x3x1  |                 | picks rows by their position",
        "GatherND       | 50x8 ?x3x1   |                 | 0",
        "ScatterElements | ?x8 ?x3 ?x3 | axis=1          | 0",
        "ScatterElements | 5x8 ?x3 ?x3 | axis=0          | of all rows into one tensor",
        "ScatterElements | ?x8 ?x8 ?x8 | axis=0          | picks rows by their position",
        "OneHot         | ?x3 [5] {0,1} |                | 0",
        // over time
        "LSTM           | 6x?x4 1x8x4 1x8x2 | hidden_size=2 | no free number of rows",
        "GRU            | ?x6x4 1x6x4 1x6x2 | hidden_size=2 layout=1 | 0 0",
        "RNN            | ?x6x4 1x2x4 1x2x2 | hidden_size=2 | takes axis 0 of its input",
        "LSTM           | ?x6x4 1x8x4 1x8x2 - - 1x6x2 1x6x2 | hidden_size=2 | takes axis 0 of its"
            + " input",
        // integers
        "QuantizeLinear | ?x4 1 1      |                 | 0",
        "DequantizeLinear | ?x4 4 4    | axis=1          | 0",
        "DequantizeLinear | ?x4 5 5    | axis=0          | has a scale for each row",
        "DynamicQuantizeLinear | ?x4   |                 | computes its scale over all rows",
        "com.microsoft:DynamicQuantizeMatMul | ?x4 4x3 3 3 | | computes its scale over all rows",
        "com.microsoft:DynamicQuantizeLSTM | ?x6x4 1x4x8 1x2x8 | | computes its scale over all"
            + " rows",
        "QLinearMatMul  | ?x4 1 1 4x3 1 1 1 1 |           | 0",
        "com.microsoft:QLinearAdd | ?x4 1 1 ?x4 1 1 1 1 |  | 0",
        "com.microsoft:QLinearConcat | 1 1 ?x4 1 1 ?x3 1 1 | axis=1 | 0",
        // attention
        "com.microsoft:Attention | ?x5x8 8x24 24 ?x5 | num_heads=2 | 0",
        "com.microsoft:MultiHeadAttention | ?x5x8 ?x5x8 ?x5x8 24 | num_heads=2 | 0",
        "com.microsoft:EmbedLayerNormalization | ?x5 - 50x8 9x8 - 8 8 | | 0 0",
        "com.microsoft:BiasGelu | ?x5x8 8 |              | 0",
        "Attention      | ?x2x5x4 ?x2x5x4 ?x2x5x4 |      | 0",
        "Attention      | ?x2x5x4 ?x2x5x4 ?x2x5x4 5x5 |  | 0",
        // classic machine learning
        "ai.onnx.ml:TreeEnsembleClassifier | ?x4 | classlabels_int64s=[0,1,2] | 0 0",
        "ai.onnx.ml:TreeEnsembleRegressor | ?x4  | n_targets=1 | 0",
        "ai.onnx.ml:LinearClassifier | ?x4 | classlabels_strings=[a,b] | 0 0",
        "ai.onnx.ml:SVMClassifier | ?x4    | classlabels_ints=[1,2] | 0 0",
        "ai.onnx.ml:LinearRegressor | ?x4  |             | 0",
        "ai.onnx.ml:Scaler | ?x4           |             | 0",
        "ai.onnx.ml:Scaler | ?             |             | for one row",
        "ai.onnx.ml:Normalizer | ?x4       |             | 0",
        "ai.onnx.ml:Imputer | ?x4          |             | 0",
        "ai.onnx.ml:OneHotEncoder | ?x1    | cats_int64s=[1,2] | 0",
        "ai.onnx.ml:LabelEncoder | ?x1     |             | 0",
        "ai.onnx.ml:LabelEncoder | ?       |             | 0",
        "ai.onnx.ml:FeatureVectorizer | ?x4 ?x3 |        | 0",
        "ai.onnx.ml:ArrayFeatureExtractor | ?x4 [0,2] |  | 0",
        "ai.onnx.ml:ArrayFeatureExtractor | 3 ?x1 |      | 1",
        "ai.onnx.ml:ArrayFeatureExtractor | ? [0] |      | picks rows by their position",
        "ai.onnx.ml:Binarizer | ?x4        |             | 0",
        "ai.onnx.ml:ZipMap | ?x3           |             | 0",
        "ai.onnx.ml:TreeEnsembleRegressor | ? |          | for one row",
        "TfIdfVectorizer | ?x4             | ngram_indexes=[0,1,2] | 0",
        "TfIdfVectorizer | ?               | ngram_indexes=[0,1,2] | for one row",
        "StringNormalizer | ?              |             | 0",
        "StringNormalizer | ?              | stopwords=[a] | leaves out some of the rows",
        // sequences
        "SequenceConstruct | ?x4 ?x4       |             | is a sequence",
        "SplitToSequence | ?x4             | axis=0      | a number of parts that is not known",
      })
  void rows(String operator, String inputs, String attributes, String expected) {
    TestGraph graph = TestGraph.graph();
    List<String> names = new ArrayList<>();
    for (String input : inputs.split(" +")) {
      names.add(add(graph, input, "v" + names.size()));
    }
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < (isRows(expected) ? expected.split(" ").length : 1); i++) {
      outputs.add("y" + i);
    }
    graph.node(
        operator,
        String.join(" ", names),
        String.join(" ", outputs),
        attributes == null ? new String[0] : attributes.split(" "));

    RowIndependence proof = graph.proof();

    if (isRows(expected)) {
      assertThat(proof.whyNot()).isEmpty();
      assertThat(
              outputs.stream()
                  .map(name -> shown(Objects.requireNonNull(proof.outputs().get(name)))))
          .containsExactly(expected.split(" "));
    } else {
      assertThat(proof.whyNot()).get().asString().contains(expected);
    }
  }

  private static boolean isRows(String expected) {
    return expected.matches("(\\d|none)( \\d)*");
  }

  private static String shown(RowIndependence.OutputRows rows) {
    return switch (rows) {
      case RowIndependence.OutputRows.Along along -> Integer.toString(along.axis());
      case RowIndependence.OutputRows.Same _ -> "none";
    };
  }

  private static String add(TestGraph graph, String input, String name) {
    if (input.equals("-")) {
      return input;
    }
    if (input.startsWith("[")) {
      long[] values =
          Arrays.stream(input.substring(1, input.length() - 1).split(","))
              .mapToLong(Long::parseLong)
              .toArray();
      graph.integers(name, values);
    } else if (input.startsWith("{")) {
      double[] values =
          Arrays.stream(input.substring(1, input.length() - 1).split(","))
              .mapToDouble(Double::parseDouble)
              .toArray();
      graph.floats(name, values);
    } else if (input.contains("?")) {
      graph.input(name, input);
    } else {
      graph.weights(name, input);
    }
    return name;
  }
}
