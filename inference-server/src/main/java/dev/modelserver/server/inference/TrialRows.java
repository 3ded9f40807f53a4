package dev.modelserver.server.inference;

import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.ranges.InputRange;
import dev.modelserver.server.graph.ranges.InputRanges;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import dev.modelserver.server.tensor.TensorBuilder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Rows to try a model on: as many as are asked for, different from each other and the same at every
 * start. Their values are those that the graph expects, as indices into its tables, categories or
 * values around its thresholds, and where it expects none numbers of many sizes: from 0 to 1, from
 * 0 to 255, negative, large, and one row a hundred times as large as its neighbour.
 */
public final class TrialRows {

  private static final long SEED = 20_240_117;

  private final Signature signature;
  private final Map<String, InputRange> ranges;

  private TrialRows(Signature signature, Map<String, InputRange> ranges) {
    this.signature = signature;
    this.ranges = Map.copyOf(ranges);
  }

  /**
   * Rows of a model.
   *
   * @param graph tells which values it expects; empty when the file could not be read
   */
  public static TrialRows of(Signature signature, Optional<ModelGraph> graph) {
    return new TrialRows(signature, graph.map(InputRanges::of).orElse(Map.of()));
  }

  /** The inputs of the model for one row. */
  public Map<String, Tensor> row(int row) {
    return rows(row, 1);
  }

  /**
   * The inputs of the model for several rows behind each other. Those whose first size is fixed are
   * as for the first of them alone; sizes that vary otherwise are the smallest that the model
   * takes.
   *
   * @param first from 0; there is no last
   * @throws ArithmeticException when they are too large for memory
   */
  public Map<String, Tensor> rows(int first, int count) {
    return tensors(IntStream.range(first, first + count).toArray());
  }

  /**
   * The inputs of the model for one row, several times behind itself; otherwise as {@link #rows}.
   */
  public Map<String, Tensor> repeated(int row, int count) {
    return tensors(IntStream.generate(() -> row).limit(count).toArray());
  }

  private Map<String, Tensor> tensors(int[] rows) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorSpec input : signature.inputs()) {
      tensors.put(input.name(), tensor(input, rows));
    }
    return tensors;
  }

  private Tensor tensor(TensorSpec input, int[] rows) {
    Shape shape = input.smallest(rows.length);
    boolean byRow = input.shape().rank() > 0 && input.shape().dim(0) == Shape.ANY;
    long elements = Math.toIntExact(byRow ? shape.elementsFrom(1) : shape.elements());
    int width = shape.rank() < 2 ? 1 : Math.max(1, Math.toIntExact(shape.dim(shape.rank() - 1)));
    TensorBuilder builder = new TensorBuilder(input.datatype());
    InputRange range = ranges.getOrDefault(input.name(), InputRange.ANY);
    for (int row : byRow ? rows : new int[] {rows[0]}) {
      add(builder, input, range, row, elements, width);
    }
    return builder.build(shape);
  }

  private static void add(
      TensorBuilder builder,
      TensorSpec input,
      InputRange range,
      int row,
      long elements,
      int width) {
    Random random = new Random(SEED * (row + 1L) + input.name().hashCode());
    TrialValues values = new TrialValues(TrialValues.Kind.of(row), random);
    Map<Integer, TrialValues.Column> columns = new HashMap<>();
    for (long i = 0; i < elements; i++) {
      TrialValues.Column column =
          columns.computeIfAbsent(
              (int) (i % width), index -> new TrialValues.Column(range.column(index)));
      DataType type = input.datatype();
      if (type == DataType.BYTES) {
        builder.addString(values.text(column));
      } else if (type.isFloat()) {
        // What a half float cannot hold becomes a one.
        var _ = builder.addDouble(values.number(column)) || builder.addDouble(1);
      } else {
        var _ = builder.addLong(values.wholeNumber(column, type)) || builder.addLong(1);
      }
    }
  }
}
