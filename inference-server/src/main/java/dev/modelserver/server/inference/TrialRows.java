package dev.modelserver.server.inference;

import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import dev.modelserver.server.tensor.TensorBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Rows to try a model on: different from each other, the same at every start. */
final class TrialRows {

  private static final long SEED = 20_240_117;
  private static final double TOLERANCE = 1e-4;

  private TrialRows() {}

  /** Rows with small numbers: floats from 0 to 1, integers 0 and 1. */
  static List<Map<String, Tensor>> of(Signature signature, int count) {
    Random random = new Random(SEED);
    List<Map<String, Tensor>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Tensor> row = new HashMap<>();
      for (TensorSpec input : signature.inputs()) {
        row.put(input.name(), tensor(input, random));
      }
      rows.add(row);
    }
    return rows;
  }

  /** Whether two answers for a row are one: to the bit, or within what rounding explains. */
  static boolean same(Map<String, Tensor> a, Map<String, Tensor> b) {
    return a.keySet().equals(b.keySet())
        && a.entrySet().stream().allMatch(entry -> same(entry.getValue(), b.get(entry.getKey())));
  }

  private static boolean same(Tensor a, @Nullable Tensor b) {
    if (!(a instanceof NumericTensor x) || !(b instanceof NumericTensor y)) {
      return a.equals(b);
    }
    if (!x.shape().equals(y.shape())) {
      return false;
    }
    for (int i = 0; i < x.shape().elements(); i++) {
      double p = x.doubleAt(i);
      double q = y.doubleAt(i);
      boolean close =
          Double.compare(p, q) == 0
              || (x.type().isFloat() && Math.abs(p - q) <= TOLERANCE * Math.max(1, Math.abs(p)));
      if (!close) {
        return false;
      }
    }
    return true;
  }

  private static Tensor tensor(TensorSpec input, Random random) {
    List<Long> dims = new ArrayList<>(input.shape().dims());
    dims.set(0, 1L);
    Shape shape = new Shape(dims);
    TensorBuilder builder = new TensorBuilder(input.datatype());
    for (long i = 0; i < shape.elements(); i++) {
      var _ =
          input.datatype().isFloat()
              ? builder.addDouble(random.nextDouble())
              : builder.addLong(random.nextInt(2));
    }
    return builder.build(shape);
  }
}
