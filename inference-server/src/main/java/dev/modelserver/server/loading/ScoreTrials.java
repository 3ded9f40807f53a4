package dev.modelserver.server.loading;

import dev.modelserver.server.graph.OutputSource;
import dev.modelserver.server.model.ClassNames;
import dev.modelserver.server.model.ScoreKind;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the scores and labels of trial rows tell. */
final class ScoreTrials {

  /** Sums of floats are not exact, and an ensemble adds up many. */
  private static final double SUM_TOLERANCE = 1e-5;

  private static final double LEAST = -1e-6;

  /**
   * Of scores that the graph divides by their sum, the share of rows that may miss it: written as
   * the exponential of a difference, very large numbers leave a difference without digits.
   */
  private static final double INEXACT = 0.25;

  /** Fewer rows prove nothing. */
  private static final int MIN_ROWS = 4;

  /** One row: the scores by class, and the label that the model gave it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never given away
  private record Row(double[] scores, @Nullable Object label) {

    boolean finite() {
      for (double score : scores) {
        if (!Double.isFinite(score)) {
          return false;
        }
      }
      return true;
    }

    boolean within(double low, double high) {
      for (double score : scores) {
        if (score < low || score > high) {
          return false;
        }
      }
      return true;
    }

    double sum() {
      double sum = 0;
      for (double score : scores) {
        sum += score;
      }
      return sum;
    }

    int best() {
      int best = 0;
      for (int i = 1; i < scores.length; i++) {
        if (scores[i] > scores[best]) {
          best = i;
        }
      }
      return best;
    }

    int lowest() {
      int lowest = 0;
      for (int i = 1; i < scores.length; i++) {
        if (scores[i] < scores[lowest]) {
          lowest = i;
        }
      }
      return lowest;
    }
  }

  private final List<Row> rows = new ArrayList<>();
  private boolean half;

  /** Of runs of a model with these outputs; null: it has none. */
  ScoreTrials(List<TrialRun> runs, @Nullable String label, @Nullable String scores) {
    for (TrialRun run : runs) {
      Tensor scored = scores == null ? null : run.outputs().tensors().get(scores);
      Tensor labelled = label == null ? null : run.outputs().tensors().get(label);
      if (scored instanceof NumericTensor numbers
          && numbers.shape().rank() == 2
          && numbers.shape().dim(0) == run.rows()) {
        half = numbers.type() == DataType.FP16 || numbers.type() == DataType.BF16;
        add(numbers, labelled, run.rows());
      }
    }
  }

  private void add(NumericTensor numbers, @Nullable Tensor labelled, int count) {
    int columns = (int) numbers.shape().dim(1);
    for (int row = 0; row < count; row++) {
      double[] scores = new double[columns];
      for (int i = 0; i < columns; i++) {
        scores[i] = numbers.doubleAt(row * columns + i);
      }
      Object label =
          labelled == null || labelled.shape().elements() != count ? null : label(labelled, row);
      Row added = new Row(scores, label);
      if (columns > 0 && added.finite()) {
        rows.add(added);
      }
    }
  }

  private static Object label(Tensor labels, int row) {
    return switch (labels) {
      case StringTensor strings -> strings.values().get(row);
      case NumericTensor numbers -> (Object) numbers.longAt(row);
    };
  }

  /**
   * What the scores are.
   *
   * @param source what makes them
   */
  ScoreKind kind(OutputSource.Kind source) {
    boolean softmax = source == OutputSource.Kind.SOFTMAX;
    if (rows.isEmpty() || half) {
      return softmax
          ? ScoreKind.PROBABILITIES
          : source == OutputSource.Kind.SIGMOID && half
              ? ScoreKind.INDEPENDENT_PROBABILITIES
              : ScoreKind.SCORES;
    }
    boolean several =
        rows.stream()
            .allMatch(row -> row.scores().length > 1 && row.within(LEAST, Double.MAX_VALUE));
    long inexact = rows.stream().filter(row -> Math.abs(row.sum() - 1) > SUM_TOLERANCE).count();
    if (several && inexact <= (softmax ? INEXACT * rows.size() : 0)) {
      return ScoreKind.PROBABILITIES;
    }
    boolean independent =
        source == OutputSource.Kind.SIGMOID
            && rows.stream().allMatch(row -> row.scores().length > 1 && row.within(0, 1));
    return independent ? ScoreKind.INDEPENDENT_PROBABILITIES : ScoreKind.SCORES;
  }

  /** Whether the label of every row was the position of its highest score. */
  boolean labelIsBest() {
    return rows.size() >= MIN_ROWS
        && rows.stream().allMatch(row -> row.label() instanceof Long label && label == row.best());
  }

  /** Whether a row had a label that is none of the classes. */
  boolean hasLabelBeside(ClassNames classes) {
    return rows.stream()
        .anyMatch(row -> row.label() != null && !classes.keys().contains(row.label()));
  }

  /** Whether rows had different labels: one label that all have can be anything. */
  boolean labelsVary() {
    return rows.stream().map(Row::label).distinct().limit(2).count() > 1;
  }

  /** Whether the label of every row was the position of its lowest score, as that of a distance. */
  boolean labelIsLowest() {
    return rows.size() >= MIN_ROWS
        && rows.stream()
            .allMatch(row -> row.label() instanceof Long label && label == row.lowest());
  }

  /** Whether the label of every row was the class of its highest score. */
  boolean labelIsKeyOfBest(ClassNames classes) {
    return rows.stream()
        .allMatch(
            row ->
                row.best() < classes.keys().size()
                    && classes.keys().get(row.best()).equals(row.label()));
  }
}
