package dev.modelserver.server.rows;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.model.RowAxes;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one row fall onto the inputs of the model: input after input, each taking as
 * many values as it is wide. Where several inputs take lists of any length, as those of tokenised
 * text do, a row is identified by their names alone.
 *
 * @param columns one per input
 * @param width values in a row; {@link Shape#ANY} when the model takes any number
 * @param fields the names a caller may use, in the order of the values; empty when there are none
 * @param byName the fields again, and the inputs too; of two with one name the first
 * @param rows rows in a request; {@link Shape#ANY} when the model takes any number
 * @param obstacle why the model does not accept rows; null when it does
 */
public record InputLayout(
    List<Column> columns,
    long width,
    List<Field> fields,
    Map<String, Field> byName,
    long rows,
    @Nullable String obstacle) {

  /** Values in a row; more are a tensor. */
  private static final long MAX_WIDTH = 1 << 27;

  /** Names in the sentence of an error. */
  static final int MAX_NAMES = 20;

  /**
   * An input.
   *
   * @param offset of its first value in a row
   * @param width values of a row that it takes; {@link Shape#ANY}: any number
   * @param countsRows whether its first axis counts rows
   * @param oneRow the shape of its tensor for one row, where the width is known
   */
  public record Column(
      TensorSpec input, int index, int offset, long width, boolean countsRows, Shape oneRow) {

    Column(TensorSpec input, int index, int offset, long width, boolean countsRows) {
      this(input, index, offset, width, countsRows, shape(input, 1, width, countsRows));
    }

    /** The shape of its tensor for a number of rows with a number of values each. */
    Shape shape(int rows, long values) {
      return shape(input, rows, values, countsRows);
    }

    private static Shape shape(TensorSpec input, int rows, long values, boolean countsRows) {
      List<Long> dims = new ArrayList<>(input.shape().dims());
      if (countsRows) {
        dims.set(0, (long) rows);
      }
      if (!dims.isEmpty() && dims.getLast() < 0) {
        dims.set(dims.size() - 1, values);
      }
      return new Shape(dims);
    }
  }

  /**
   * A name for {@code length} values from {@code offset} on; {@link Shape#ANY}: for all values of
   * its input, however many there are.
   */
  public record Field(String name, Column column, int offset, long length) {}

  /**
   * The layout of a model whose description names these features; none if it names none.
   *
   * @param axes where the outputs have their rows, as trial runs told: where an output has as many
   *     as a single vector of any length has values, each of these is a row
   */
  public static InputLayout of(Signature signature, List<String> featureNames, RowAxes axes) {
    if (signature.inputs().isEmpty()) {
      return none("it has no inputs, so that no row fits it");
    }
    boolean alone = signature.inputs().size() == 1;
    boolean vectorOfRows = !alone || !axes.axes().isEmpty();
    List<Column> columns = new ArrayList<>();
    long width = 0;
    for (TensorSpec input : signature.inputs()) {
      long values = width(input.shape(), vectorOfRows);
      String obstacle =
          values > MAX_WIDTH - Math.max(0, width) ? " has rows that are too large" : null;
      if ((values < 0 && input.shape().rank() > 2)
          || (input.anyShape() && input.leastWidth() > 1)) {
        obstacle = " has no fixed row size, so that rows of features cannot be told apart";
      }
      if (obstacle != null) {
        return none("the input " + input + obstacle);
      }
      columns.add(
          new Column(
              input,
              columns.size(),
              (int) Math.max(0, width),
              values,
              countsRows(input.shape(), vectorOfRows)));
      width = values < 0 || width < 0 ? Shape.ANY : width + values;
    }
    long rows = rows(columns);
    if (rows == 0) {
      return none("its inputs take different fixed numbers of rows: " + fixedRows(columns));
    }
    if (alone && width < 0 && featureNames.size() >= Math.max(1, least(columns))) {
      // The model takes any number, but its description says how many there are.
      width = featureNames.size();
      columns.set(
          0, new Column(columns.getFirst().input(), 0, 0, width, columns.getFirst().countsRows()));
    }
    List<Field> fields = fields(columns, width, featureNames);
    Map<String, Field> byName = new HashMap<>();
    fields.forEach(field -> byName.putIfAbsent(field.name(), field));
    for (Column column : columns) {
      byName.putIfAbsent(column.input().name(), whole(column));
    }
    return new InputLayout(List.copyOf(columns), width, fields, byName, rows, null);
  }

  private static InputLayout none(String obstacle) {
    return new InputLayout(List.of(), 0, List.of(), Map.of(), 0, obstacle);
  }

  /** Refuses a request of rows where the model does not accept them. */
  public void requireRows() throws RequestException {
    if (obstacle != null) {
      throw RequestException.malformed(
          "this model does not accept rows: %s; send tensors over the Open Inference Protocol (/v2)"
              .formatted(obstacle));
    }
  }

  /** Whether a row can be a list of values; otherwise it is an object with names. */
  public boolean byPosition() {
    return width >= 0 || columns.size() == 1;
  }

  /** The field, or the input, of this name. */
  public @Nullable Field field(String name) {
    return byName.get(name);
  }

  /** Whether the values under a name are texts. */
  public boolean isText(String name) {
    Field field = field(name);
    return field != null && field.column().input().datatype() == DataType.BYTES;
  }

  /** The type of the value at a position of a row; beyond its end that of the last. */
  public DataType type(int position) {
    Column found = columns.getFirst();
    for (Column column : columns) {
      found = column.offset() <= position ? column : found;
    }
    return found.input().datatype();
  }

  /** Values that a row must have where the model takes any number of them. */
  public long leastWidth() {
    return least(columns);
  }

  /** What a row holds, for the sentence of an error. */
  public String expected() {
    if (!byPosition()) {
      return "the values of each input by name: " + names();
    }
    if (width < 0) {
      return leastWidth() == 0 ? "any number of values" : "at least " + leastWidth() + " values";
    }
    return width
        + (width == 1 ? " value" : " values")
        + (fields.isEmpty() ? "" : ": " + names())
        + otherShapes();
  }

  /**
   * Where tensors go that are no rows, for the sentence of an error; empty unless the model
   * declares no shape, and so may take more than one value.
   */
  String otherShapes() {
    return columns.stream().anyMatch(column -> column.input().anyShape())
        ? " (the Open Inference Protocol, /v2, accepts tensors of any shape)"
        : "";
  }

  /** The forms of a request that the model takes, for the sentence of an error. */
  public String accepted() {
    return byPosition()
        ? "send {\"features\":[…]} with %s; a list of such rows; or the values by name"
            .formatted(expected())
        : "send an object with %s; or a list of such objects".formatted(expected());
  }

  /** The names of values, or where these have none, of inputs; at most twenty of them. */
  public String names() {
    List<Field> named = namedValues();
    return named.stream().map(Field::name).limit(MAX_NAMES).collect(Collectors.joining(", "))
        + (named.size() > MAX_NAMES ? ", …" : "");
  }

  /** The fields, or where there are none the inputs. */
  List<Field> namedValues() {
    return fields.isEmpty() ? columns.stream().map(InputLayout::whole).toList() : fields;
  }

  private static long least(List<Column> columns) {
    return columns.size() == 1 ? columns.getFirst().input().leastWidth() : 0;
  }

  private static long width(Shape shape, boolean vectorOfRows) {
    try {
      return switch (shape.rank()) {
        case 0 -> 1;
        case 1 -> shape.dim(0) < 0 && vectorOfRows ? 1 : shape.dim(0);
        default -> shape.elementsFrom(1);
      };
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  private static boolean countsRows(Shape shape, boolean vectorOfRows) {
    return shape.rank() > 1 || (shape.rank() == 1 && shape.dim(0) < 0 && vectorOfRows);
  }

  /**
   * Rows of every request; ANY when the caller chooses; 0 when the inputs contradict each other.
   */
  private static long rows(List<Column> columns) {
    long rows = Shape.ANY;
    for (Column column : columns) {
      long own = rowsOf(column);
      if (own >= 0 && rows >= 0 && own != rows) {
        return 0;
      }
      rows = own >= 0 ? own : rows;
    }
    return rows;
  }

  /** Rows that an input takes; ANY when the caller chooses. */
  private static long rowsOf(Column column) {
    return column.countsRows() ? column.input().shape().dim(0) : 1;
  }

  /** The first inputs of each number of rows. */
  private static String fixedRows(List<Column> columns) {
    Map<Long, TensorSpec> inputs = new LinkedHashMap<>();
    for (Column column : columns) {
      long rows = rowsOf(column);
      if (rows >= 0) {
        inputs.putIfAbsent(rows, column.input());
      }
    }
    return inputs.entrySet().stream()
        .limit(MAX_NAMES)
        .map(entry -> entry.getValue() + " takes " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private static List<Field> fields(List<Column> columns, long width, List<String> featureNames) {
    if (width < 0) {
      return columns.size() == 1 ? List.of() : columns.stream().map(InputLayout::whole).toList();
    }
    if (width == featureNames.size()) {
      List<Field> fields = new ArrayList<>();
      for (Column column : columns) {
        for (long i = 0; i < column.width(); i++) {
          int offset = fields.size();
          fields.add(new Field(featureNames.get(offset), column, offset, 1));
        }
      }
      return List.copyOf(fields);
    }
    return columns.size() > 1 || width == 1
        ? columns.stream().map(InputLayout::whole).toList()
        : List.of();
  }

  private static Field whole(Column column) {
    return new Field(column.input().name(), column, column.offset(), column.width());
  }
}
