package dev.modelserver.server.inference;

import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far two answers for one row are apart, in units in the last place of the largest number that
 * an output has in that row: rounding errors are of the size of what was added up, not of what is
 * left. What is not a number, and not the same, is infinitely far.
 */
final class Differences {

  private Differences() {}

  /** The largest difference of any output; 0: the same to the bit. */
  static double ulps(Map<String, Tensor> a, Map<String, Tensor> b) {
    if (!a.keySet().equals(b.keySet())) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    for (Map.Entry<String, Tensor> entry : a.entrySet()) {
      largest = Math.max(largest, ulps(entry.getValue(), b.get(entry.getKey())));
    }
    return largest;
  }

  private static double ulps(Tensor a, @Nullable Tensor b) {
    if (a.equals(b)) {
      return 0;
    }
    if (!(a instanceof NumericTensor x)
        || !(b instanceof NumericTensor y)
        || !x.type().isFloat()
        || x.type() != y.type()
        || !x.shape().equals(y.shape())) {
      return Double.POSITIVE_INFINITY;
    }
    int elements = (int) x.shape().elements();
    double top = 0;
    double apart = 0;
    for (int i = 0; i < elements; i++) {
      double p = x.doubleAt(i);
      double q = y.doubleAt(i);
      if (Double.isNaN(p) && Double.isNaN(q)) {
        continue;
      }
      if (Double.isFinite(p)) {
        top = Math.max(top, Math.abs(p));
      }
      if (Double.compare(p, q) != 0) {
        // Infinite, and then not a number, where only one of them is.
        apart = Math.max(apart, p == q ? Double.MIN_VALUE : Math.abs(p - q));
      }
    }
    if (apart == 0 || !Double.isFinite(apart)) {
      return apart;
    }
    return Math.max(Double.MIN_VALUE, apart / ulp(top, x.type()));
  }

  private static double ulp(double value, DataType type) {
    return switch (type) {
      case FP64 -> Math.ulp(value);
      case FP32 -> Math.ulp((float) value);
      // Their fractions have 13 and 16 bits less than a float's.
      case FP16 -> Math.scalb(Math.ulp((float) Math.max(value, 0x1p-14)), 13);
      case BF16 -> Math.scalb(Math.ulp((float) value), 16);
      default -> throw new IllegalArgumentException(type + " has no last place");
    };
  }
}
