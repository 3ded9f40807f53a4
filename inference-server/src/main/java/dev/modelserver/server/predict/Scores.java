package dev.modelserver.server.predict;

import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The scores of one row. */
record Scores(NumericTensor tensor, int from, int count) {

  /** Null when the tensor has no scores for each of so many rows. */
  static @Nullable Scores of(@Nullable Tensor tensor, int row, int rows) {
    if (tensor instanceof NumericTensor numbers
        && numbers.shape().rank() == 2
        && numbers.shape().dim(0) == rows
        && numbers.shape().dim(1) > 0) {
      int count = (int) numbers.shape().dim(1);
      return new Scores(numbers, row * count, count);
    }
    return null;
  }

  DataType type() {
    return tensor.type();
  }

  double at(int i) {
    return tensor.doubleAt(from + i);
  }

  /** The position of the highest; the first of several. */
  int best() {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (at(i) > at(best)) {
        best = i;
      }
    }
    return best;
  }

  /** The positions of so many of the highest scores, the highest first. */
  int[] highest(int most) {
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -at(i)))
        .limit(most)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
