package dev.modelserver.server.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.inference.Batching.Mode;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.onnx.OnnxModel;
import dev.modelserver.server.onnx.SessionSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which models merge rows, and the sentence that says why; make_rows.py made most of them. */
class CalibrationTest {

  private static final String COST = "a row costs \\d+\\.\\d{3} ms";

  @Test
  void mergesWhatIsProvedAndEqualToTheBit() throws Exception {
    Batching batching = decide("linear", null);

    assertThat(batching.mode()).isEqualTo(Mode.EVENT_LOOP);
    assertThat(batching.maxRows()).isBetween(2, 64);
    assertThat(batching.reason()).matches(COST + ", \\d+ rows together cost \\d+\\.\\d times less");
    assertThat(batching.evidence().proved()).isTrue();
    assertThat(batching.evidence().equal()).isEqualTo(batching.evidence().tried());
  }

  @Test
  void mergesNoMoreThanIsWanted() throws Exception {
    Batching batching = decide("linear", 8);

    assertThat(batching.maxRows()).isEqualTo(8);
    assertThat(batching.reason()).matches(COST + ", 8 rows together cost \\d+\\.\\d times less");
    assertThat(batching.evidence())
        .isEqualTo(new RowEvidence(Optional.empty(), Optional.empty(), 8, 8, 0));
  }

  /** These are never merged, neither with an explicit maximum nor with a proof of another model. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rows-mean | : the node that makes 'y' (ReduceMean) computes over all rows",
        "rows-centred | : the node that makes 'mean' (ReduceMean) computes over all rows",
        "rows-one-by-one"
            + " | : the node that makes 'y' (Reshape) makes a shape with a fixed number of rows"
      })
  void neverMergesRowsThatMix(String name, String why) throws Exception {
    String mix = "the answer for a row depends on the other rows of its run";
    for (Integer wanted : new Integer[] {null, 2, 8}) {
      assertAlone(decide(name, wanted), mix + why);
      assertAlone(decide(name, wanted, "linear"), mix);
    }
  }

  /** The naive Bayes of skl2onnx: equal to the bit, and not proved. */
  @Test
  void mergesWhatIsNotProvedOnlyWhereTheOwnerAsks() throws Exception {
    assertAlone(
        decide("width-naive-bayes", null),
        "rows are not proved to be independent: node 'Reshape' (Reshape) cuts its input into"
            + " pieces that need not be whole rows; set maxBatchSize to merge them all the same");
    assertThat(decide("width-naive-bayes", 8).maxRows()).isEqualTo(8);
  }

  /** Equal trial rows prove nothing there: sums may be divided otherwise for other numbers. */
  @Test
  void mergesInSeveralThreadsOnlyWhereTheOwnerAsks() throws Exception {
    SessionSettings two = new SessionSettings(2, true);

    Batching alone =
        Decisions.of(
            "linear", new BatchingLimits(null, Duration.ZERO, 256), Decisions.OWN_PROOF, true, two);
    assertThat(alone.mode()).as("no loop waits for other threads").isEqualTo(Mode.OFF);
    assertThat(alone.reason())
        .isEqualTo(
            "last bits can differ: ONNX Runtime divides a run among 2 threads by the number of its"
                + " rows; set maxBatchSize to merge them all the same");
    Batching asked =
        Decisions.of(
            "linear", new BatchingLimits(8, Duration.ZERO, 256), Decisions.OWN_PROOF, true, two);
    assertThat(asked.mode()).isEqualTo(Mode.QUEUE);
    assertThat(asked.maxRows()).isEqualTo(8);
  }

  @Test
  void saysWhenTheFileTellsNothing() throws Exception {
    assertAlone(
        decide("linear", null, null),
        "rows are not proved to be independent: the file could not be read twice; set maxBatchSize"
            + " to merge them all the same");
    assertThat(decide("linear", 8, null).maxRows()).isEqualTo(8);
  }

  @Test
  void mergesWhatRoundingExplainsOnlyWhereTheOwnerAsks() throws Exception {
    assertAlone(
        decide("rows-drift", null, "linear"),
        "the last bits of an answer depend on the number of rows that are computed together; set"
            + " maxBatchSize to merge them all the same");
    Batching asked = decide("rows-drift", 17, "linear");
    assertThat(asked.maxRows()).isEqualTo(17);
    assertThat(asked.evidence())
        .isEqualTo(new RowEvidence(Optional.empty(), Optional.empty(), 17, 1, 16));
    assertAlone(
        decide("rows-drift", 18, "linear"),
        "the answer for a row depends on the other rows of its run");
  }

  @Test
  void mergesWhatRoundsByPlaceOnlyWhereTheOwnerAsks() throws Exception {
    Batching batching = decide("rows-dear", null);

    assertThat(batching.maxRows()).isEqualTo(1);
    assertThat(batching.reason())
        .isEqualTo(
            "last bits can differ: the node that makes 'a' (Sin) rounds a value by its place in"
                + " the tensor; set maxBatchSize to merge them all the same");
  }

  @Test
  void mergesAsManyAsAreEqualToTheBitWhereOnlyMoreDiffer() throws Exception {
    Batching batching = decide("rows-drift-late", null, "linear");

    assertThat(batching.maxRows()).isEqualTo(16);
    assertThat(batching.evidence().equal()).isEqualTo(16);
  }

  @Test
  void mergesNothingWhereTheOwnerWantsNone() throws Exception {
    assertAlone(decide("linear", 1), "maxBatchSize is 1");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {"null", "8"})
  void mergesNoRowsThatAreTooLarge(@Nullable Integer wanted) throws Exception {
    BatchingLimits limits = new BatchingLimits(wanted, Duration.ZERO, 256);
    // Of bounded work, which may take longer: a busy machine must not end the trial first.
    Batching batching = Decisions.of("rows-large", limits, Decisions.OWN_PROOF, true);

    // Whether one row is cheap enough for the event loop depends on the machine.
    assertThat(batching.mode()).isIn(Mode.OFF, Mode.EVENT_LOOP);
    assertThat(batching.maxRows()).isEqualTo(1);
    assertThat(batching.reason()).startsWith("rows are too large");
  }

  @Test
  void queuesADearModel() throws Exception {
    Batching batching = decide("rows-dear", 2);

    assertThat(batching.mode()).isEqualTo(Mode.QUEUE);
    assertThat(batching.maxRows()).isEqualTo(2);
    assertThat(batching.reason()).matches(COST + ", 2 rows together cost \\d+\\.\\d times less");
    assertThat(decide("rows-dear", 1))
        .isEqualTo(
            Batching.off(
                "maxBatchSize is 1",
                new RowEvidence(
                    Optional.empty(),
                    Optional.of(
                        "the node that makes 'a' (Sin) rounds a value by its place in the tensor"),
                    1,
                    1,
                    0)));
  }

  @Test
  void queuesAModelWhoseRowsWaitForOthers() throws Exception {
    Duration delay = Duration.ofMillis(5);
    Batching batching =
        Decisions.of("linear", new BatchingLimits(8, delay, 256), Decisions.OWN_PROOF, true);

    assertThat(batching.mode()).isEqualTo(Mode.QUEUE);
    assertThat(batching.maxRows()).isEqualTo(8);
    assertThat(batching.maxDelay()).isEqualTo(delay);
  }

  @Test
  void queuesAModelWithoutBounds() throws Exception {
    BatchingLimits eight = new BatchingLimits(8, Duration.ZERO, 256);

    assertThat(Decisions.of("linear", eight, Decisions.OWN_PROOF, false).mode())
        .isEqualTo(Mode.QUEUE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "strings | the inputs are not numbers with any number of rows of one size",
        "fixed-batch | the inputs are not numbers with any number of rows of one size",
        "emoji-names | inputs or outputs have names with characters beyond U+FFFF",
        "sequence | an output is a sequence of tensors, whose rows are not told apart",
        "rejects-everything | the model refuses the rows it was tried on",
        "endless | the model did not end on the rows it was tried on",
      })
  void mergesNothingThatCannotBeTried(String name, String why) throws Exception {
    BatchingLimits eight = new BatchingLimits(8, Duration.ZERO, 256);
    Batching batching = Decisions.of(name, eight, Decisions.OWN_PROOF, false);

    assertThat(batching.reason()).isEqualTo(why);
    assertThat(batching.mode()).isEqualTo(Mode.OFF);
    assertThat(batching.maxRows()).isEqualTo(1);
    assertThat(batching.evidence().tried()).isEqualTo(1);
  }

  @Test
  void triesNoModelThatIsBeingUnloaded() throws Exception {
    OnnxModel model = OnnxModel.load(TestModels.file("linear"));
    Signature signature = model.signature(List.of());
    assertThat(model.close(Duration.ofSeconds(1))).isTrue();
    TrialRows rows = TrialRows.of(signature, Optional.empty());

    assertThat(
            Calibration.decide(
                model, signature, Optional.empty(), rows, BatchingLimits.DEFAULT, true))
        .isEqualTo(Batching.off("the model is being unloaded", RowEvidence.of(Optional.empty())));
  }

  /** A cheap model whose rows run alone, one by one. */
  private static void assertAlone(Batching batching, String why) {
    assertThat(batching.maxRows()).isEqualTo(1);
    assertThat(batching.mode()).isEqualTo(Mode.EVENT_LOOP);
    assertThat(batching.reason()).startsWith(why + "; ");
    assertThat(batching.reason().substring(why.length() + 2)).matches(COST);
  }

  private static Batching decide(String name, @Nullable Integer wanted) throws Exception {
    return decide(name, wanted, Decisions.OWN_PROOF);
  }

  private static Batching decide(String name, @Nullable Integer wanted, @Nullable String proof)
      throws Exception {
    return Decisions.of(name, new BatchingLimits(wanted, Duration.ZERO, 256), proof, true);
  }
}
