package dev.modelserver.server.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** make_widths.py says what each model is; scikit-learn's were trained on rows of four. */
class RowWidthTest {

  @ParameterizedTest
  @CsvSource({
    "logistic, X, 2",
    "linear, X, 2",
    "svc, X, 2",
    "svr, X, 2",
    "scaled, X, 2",
    "imputed, X, 2",
    "minmax, X, 2",
    "pca, X, 2",
    "neighbours, X, 2",
    "mlp, X, 2",
    "naive-bayes, X, 2",
    "kmeans, X, 2",
    "gemm, x, 2",
    "turned-weight, x, 2",
    "weight-first, x, 2",
    "norm, x, 2",
    "function, x, 2",
    "branches, x, 2",
    "sequence, x, 3",
    "vector, x, 1",
    "no-shape, x, 0",
  })
  void coefficientsFixTheWidth(String name, String input, int rank) {
    assertThat(width(name, input, rank)).contains(RowWidth.exactly(4));
  }

  @ParameterizedTest
  @CsvSource({"forest, X, 4", "boosting, X, 4", "best, X, 4", "slices, x, 6", "gather, x, 7"})
  void whatIsReadIsTheLeast(String name, String input, long least) {
    assertThat(width(name, input, 2)).contains(RowWidth.atLeast(least));
  }

  @ParameterizedTest
  @CsvSource({"scalar", "compared", "two-inputs", "sum", "other-branches"})
  void otherConstantsFixNothing(String name) {
    assertThat(width(name, "x", 2)).isEmpty();
  }

  @Test
  void ofTwoWidthsThatExcludeEachOtherTheLargerIsTheLeast() {
    assertThat(width("both", "x", 2)).contains(RowWidth.atLeast(4));
    assertThat(RowWidth.exactly(4).and(RowWidth.atLeast(3))).isEqualTo(RowWidth.exactly(4));
    assertThat(RowWidth.atLeast(4).and(RowWidth.exactly(3))).isEqualTo(RowWidth.atLeast(4));
    assertThat(RowWidth.atLeast(2).and(RowWidth.atLeast(3))).isEqualTo(RowWidth.atLeast(3));
  }

  private static Optional<RowWidth> width(String name, String input, int rank) {
    ModelGraph graph = ModelGraph.of(TestModels.file("width-" + name)).orElseThrow();
    return RowWidth.of(graph, input, rank);
  }
}
