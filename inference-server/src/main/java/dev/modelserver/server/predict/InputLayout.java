package dev.modelserver.server.predict;

import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one row fall onto the inputs of the model: input after input, each taking as
 * many values as it is wide.
 *
 * @param columns one per input
 * @param width values in a row; {@link Shape#ANY} when the model takes any number
 * @param fields the names a caller may use, in the order of the values; empty when there are none
 * @param byName the fields again; of two with one name the first
 * @param rows rows in a request; {@link Shape#ANY} when the model takes any number
 * @param obstacle why the model cannot be asked by rows; null when it can
 */
public record InputLayout(
    List<Column> columns,
    long width,
    List<Field> fields,
    Map<String, Field> byName,
    long rows,
    @Nullable String obstacle) {

  /** An input: how many values of a row it takes, and whether its first axis counts rows. */
  public record Column(TensorSpec input, long width, boolean countsRows) {}

  /** A name for {@code length} values from {@code offset} on. */
  public record Field(String name, int offset, int length) {}

  /** The layout of a model whose description names these features; none if it names none. */
  public static InputLayout of(Signature signature, List<String> featureNames) {
    if (signature.inputs().isEmpty()) {
      return new InputLayout(
          List.of(), 0, List.of(), Map.of(), 0, "it has no inputs, so that no row fits it");
    }
    boolean alone = signature.inputs().size() == 1;
    List<Column> columns = new ArrayList<>();
    long width = 0;
    long rows = Shape.ANY;
    for (TensorSpec input : signature.inputs()) {
      Column column = column(input, alone);
      if (column.width() < 0 && (!alone || input.shape().rank() > 2)) {
        return new InputLayout(
            List.of(),
            0,
            List.of(),
            Map.of(),
            0,
            "the input "
                + input
                + " has no fixed row size, so that rows of features cannot be told apart");
      }
      columns.add(column);
      width = column.width() < 0 ? Shape.ANY : width + column.width();
      if (!column.countsRows()) {
        rows = 1;
      } else if (input.shape().dim(0) >= 0) {
        rows = input.shape().dim(0);
      }
    }
    if (width < 0 && !featureNames.isEmpty() && featureNames.size() >= least(columns)) {
      // the model takes any number, but its description says how many there are
      width = featureNames.size();
    }
    List<Field> fields = fields(columns, width, featureNames);
    Map<String, Field> byName = new HashMap<>();
    for (Field field : fields) {
      byName.putIfAbsent(field.name(), field);
    }
    return new InputLayout(columns, width, fields, byName, rows, null);
  }

  /** The field of this name. */
  public Optional<Field> field(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Values that a row must have where the model takes any number of them. */
  long leastWidth() {
    return least(columns);
  }

  private static long least(List<Column> columns) {
    return columns.size() == 1 ? columns.getFirst().input().leastWidth() : 0;
  }

  /** What a row holds, for the sentence of an error. */
  public String expected() {
    if (width < 0) {
      return leastWidth() == 0 ? "any number of values" : "at least " + leastWidth() + " values";
    }
    String names = fieldNames();
    return width + (width == 1 ? " value" : " values") + (names.isEmpty() ? "" : ": " + names);
  }

  /** The names with commas between; at most twenty of them. */
  String fieldNames() {
    List<String> names = fields.stream().map(Field::name).limit(20).toList();
    return String.join(", ", names) + (fields.size() > names.size() ? ", …" : "");
  }

  private static Column column(TensorSpec input, boolean alone) {
    Shape shape = input.shape();
    return switch (shape.rank()) {
      case 0 -> new Column(input, 1, false);
      // a single vector is a row; among other inputs a vector of any length is a column of rows
      case 1 ->
          alone || shape.dim(0) >= 0
              ? new Column(input, shape.dim(0), false)
              : new Column(input, 1, true);
      default -> new Column(input, shape.elementsFrom(1), true);
    };
  }

  private static List<Field> fields(List<Column> columns, long width, List<String> featureNames) {
    List<Field> fields = new ArrayList<>();
    if (width == featureNames.size()) {
      for (String name : featureNames) {
        fields.add(new Field(name, fields.size(), 1));
      }
    } else if (width >= 0 && (columns.size() > 1 || width == 1)) {
      int offset = 0;
      for (Column column : columns) {
        fields.add(new Field(column.input().name(), offset, (int) column.width()));
        offset += (int) column.width();
      }
    }
    return fields;
  }
}
