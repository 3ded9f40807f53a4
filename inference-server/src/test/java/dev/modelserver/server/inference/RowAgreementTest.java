package dev.modelserver.server.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.PinnedBatch;
import dev.modelserver.server.onnx.RunControl;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The models say in make_rows.py how much their answers change with the number of rows. */
class RowAgreementTest {

  private static final long FOREVER = Long.MAX_VALUE / 4;

  @ParameterizedTest
  @CsvSource({
    // tried, equal, rounded, largest; to the bit, up to rounding
    "1, 1, 1, 0, 1, 1",
    "2, 2, 2, 0, 2, 2",
    "64, 64, 64, 0, 64, 64",
    "10, 1, 10, 9, 1, 10",
    "23, 15, 23, 9, 1, 23",
    "25, 16, 25, 9, 16, 25",
    "33, 16, 32, 17, 16, 1",
    "18, 1, 17, 17, 1, 1",
    "2, 1, 1, Infinity, 1, 1"
  })
  void mergesWhatAgrees(
      int tried, int equal, int rounded, double largest, int toTheBit, int upToRounding) {
    RowAgreement found = new RowAgreement(tried, equal, rounded, largest);

    assertThat(found.mergeable()).isEqualTo(toTheBit);
    assertThat(found.mergeableRounded()).isEqualTo(upToRounding);
  }

  @Test
  void triesEveryNumberOfRows() throws Exception {
    assertThat(of("linear", 64, FOREVER, false)).isEqualTo(new RowAgreement(64, 64, 64, 0));
    assertThat(of("linear", 3, FOREVER, true)).isEqualTo(new RowAgreement(3, 3, 3, 0));
    assertThat(of("linear", 1, FOREVER, true)).isEqualTo(RowAgreement.NONE);
  }

  @Test
  void triesNothingWithoutTime() throws Exception {
    assertThat(of("linear", 64, 0, false)).isEqualTo(RowAgreement.NONE);
    assertThat(of("linear", 64, 0, true)).isEqualTo(RowAgreement.NONE);
  }

  @Test
  void measuresADifferenceOnEightFurtherNumbersOfRows() throws Exception {
    assertThat(of("rows-drift", 64, FOREVER, false)).isEqualTo(new RowAgreement(10, 1, 10, 9));
    assertThat(of("rows-drift-late", 64, FOREVER, false))
        .isEqualTo(new RowAgreement(25, 16, 25, 9));
  }

  @Test
  void goesOnUpToTheWantedNumberWhileRoundingExplainsIt() throws Exception {
    assertThat(of("rows-drift", 17, FOREVER, true)).isEqualTo(new RowAgreement(17, 1, 17, 16));
    assertThat(of("rows-drift-late", 32, FOREVER, true))
        .isEqualTo(new RowAgreement(32, 16, 32, 16));
  }

  /** A row alone is one of an odd number; nine agree, and eight do not. */
  @Test
  void remembersADifferenceThatMoreRowsDoNotShow() throws Exception {
    assertThat(of("rows-drift-odd", 9, FOREVER, true)).isEqualTo(new RowAgreement(9, 1, 9, 1));
  }

  @Test
  void endsWhereRoundingDoesNotExplainIt() throws Exception {
    assertThat(of("rows-drift", 64, FOREVER, true)).isEqualTo(new RowAgreement(18, 1, 17, 17));
    assertThat(of("rows-drift-late", 64, FOREVER, true))
        .isEqualTo(new RowAgreement(33, 16, 32, 17));
    RowAgreement centred = of("rows-centred", 64, FOREVER, true);
    assertThat(List.of(centred.tried(), centred.equal(), centred.rounded()))
        .isEqualTo(List.of(2, 1, 1));
    assertThat(centred.largest()).isBetween(1e6, Double.MAX_VALUE);
  }

  /** The answer has no rows to compare, or the model answers no two rows. */
  @ParameterizedTest
  @CsvSource({"rows-mean", "rows-one-by-one"})
  void whatHasNoAnswerForEachRowDiffersEndlessly(String name) throws Exception {
    assertThat(of(name, 64, FOREVER, true))
        .isEqualTo(new RowAgreement(2, 1, 1, Double.POSITIVE_INFINITY));
  }

  private static RowAgreement of(String name, int most, long nanos, boolean sampled)
      throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file(name));
    TrialRows rows = TrialRows.of(model.signature(List.of()), ModelGraph.of(TestModels.file(name)));
    RunControl control = new RunControl();
    try (PinnedBatch batch = PinnedBatch.of(model, most).orElseThrow()) {
      RowPool pool = RowPool.of(batch, rows, most, FOREVER, control);
      return RowAgreement.of(batch, pool, most, nanos, sampled, control);
    } finally {
      assertThat(model.close(Duration.ofSeconds(1))).isTrue();
    }
  }
}
