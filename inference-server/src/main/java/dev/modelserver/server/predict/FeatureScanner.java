package dev.modelserver.server.predict;

import dev.modelserver.server.predict.InputLayout.Column;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumberReader;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the usual bodies, {@code {"features":[…]}} with a row or rows of plain numbers, straight
 * from their bytes. Everything else, faults included, it leaves to {@link FeatureParser}, which
 * reads the same bodies with the same result at three times the cost.
 */
final class FeatureScanner {

  private static final byte[] KEY = "\"features\"".getBytes(StandardCharsets.US_ASCII);

  private final String input;
  private final DataType type;
  private final int width;
  private final boolean anyRows;
  private final Shape oneRow;
  private final List<Long> rowDims;

  private FeatureScanner(Column column, int width, boolean anyRows) {
    this.input = column.input().name();
    this.type = column.input().datatype();
    this.width = width;
    this.anyRows = anyRows;
    List<Long> dims = new ArrayList<>(column.input().shape().dims());
    dims.set(0, 1L);
    if (dims.getLast() < 0) {
      dims.set(dims.size() - 1, (long) width);
    }
    this.oneRow = new Shape(dims);
    this.rowDims = dims.subList(1, dims.size());
  }

  /** A scanner for a model with one input of numbers by row; null for others. */
  static @Nullable FeatureScanner of(InputLayout layout) {
    if (layout.obstacle() != null || layout.columns().size() != 1 || layout.width() <= 0) {
      return null;
    }
    Column column = layout.columns().getFirst();
    boolean plain =
        switch (column.input().datatype()) {
          case FP32, FP64, INT32, INT64 -> true;
          case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, FP16, BF16, BYTES -> false;
        };
    boolean rows = layout.rows() < 0 || layout.rows() == 1;
    return plain && rows && column.countsRows() && layout.width() <= Integer.MAX_VALUE / 16
        ? new FeatureScanner(column, (int) layout.width(), layout.rows() < 0)
        : null;
  }

  /** Reads the first {@code length} bytes; null when they are not of the usual form. */
  @Nullable Features scan(byte[] body, int length) {
    int at = past(body, 0, length, '{');
    at = at < 0 ? at : key(body, skipSpace(body, at, length), length);
    at = at < 0 ? at : past(body, at, length, ':');
    at = at < 0 ? at : past(body, at, length, '[');
    if (at < 0) {
      return null;
    }
    NumberReader numbers = new NumberReader(body, at, length);
    int inner = past(body, at, length, '[');
    return inner < 0 ? row(numbers, body, length) : rows(numbers, inner, body, length);
  }

  private @Nullable Features row(NumberReader numbers, byte[] body, int length) {
    NumericTensor tensor = NumericTensor.allocate(type, oneRow);
    return values(numbers, body, length, tensor.data(), 0) && ends(body, numbers.position(), length)
        ? new Features(Map.of(input, tensor), 1, false)
        : null;
  }

  private @Nullable Features rows(NumberReader numbers, int first, byte[] body, int length) {
    int rowBytes = width * type.size();
    // a value takes two bytes at least, so this is room for all of them
    int room = (int) Math.min(RowCollector.MAX_ROWS, 1 + (long) length / (2L * width));
    ByteBuffer data = ByteBuffer.allocate(rowBytes).order(ByteOrder.nativeOrder());
    int count = 0;
    for (int at = first; at >= 0; ) {
      if (count == room || (count == 1 && !anyRows)) {
        return null;
      }
      if (data.capacity() < (count + 1) * rowBytes) {
        byte[] more = new byte[Math.min(room, 2 * count) * rowBytes];
        data.get(0, more, 0, count * rowBytes);
        data = ByteBuffer.wrap(more).order(ByteOrder.nativeOrder());
      }
      numbers.position(at);
      if (!values(numbers, body, length, data, count * rowBytes)) {
        return null;
      }
      count++;
      int comma = past(body, numbers.position(), length, ',');
      if (comma < 0) {
        break;
      }
      at = past(body, comma, length, '[');
      if (at < 0) {
        return null;
      }
    }
    int close = past(body, numbers.position(), length, ']');
    if (close < 0 || !ends(body, close, length)) {
      return null;
    }
    List<Long> dims = new ArrayList<>(rowDims.size() + 1);
    dims.add((long) count);
    dims.addAll(rowDims);
    NumericTensor tensor = NumericTensor.allocate(type, new Shape(dims));
    tensor.data().put(0, data, 0, count * rowBytes);
    return new Features(Map.of(input, tensor), count, true);
  }

  /** Reads exactly one row and its closing bracket. */
  private boolean values(
      NumberReader numbers, byte[] body, int length, ByteBuffer into, int offset) {
    for (int i = 0; i < width; i++) {
      if (i > 0) {
        int comma = past(body, numbers.position(), length, ',');
        if (comma < 0) {
          return false;
        }
        numbers.position(comma);
      }
      numbers.position(skipSpace(body, numbers.position(), length));
      if (!numbers.next() || !put(numbers, into, offset + i * type.size())) {
        return false;
      }
    }
    int close = past(body, numbers.position(), length, ']');
    numbers.position(Math.max(close, 0));
    return close >= 0;
  }

  private boolean put(NumberReader numbers, ByteBuffer into, int at) {
    return switch (type) {
      case FP32 -> {
        float value = (float) number(numbers);
        into.putFloat(at, value);
        yield !Float.isInfinite(value);
      }
      case FP64 -> {
        double value = number(numbers);
        into.putDouble(at, value);
        yield !Double.isInfinite(value);
      }
      case INT64 -> {
        boolean exact = numbers.isLong();
        if (exact) {
          into.putLong(at, numbers.asLong());
        }
        yield exact;
      }
      case INT32 -> {
        boolean exact = numbers.isLong() && numbers.asLong() == (int) numbers.asLong();
        if (exact) {
          into.putInt(at, (int) numbers.asLong());
        }
        yield exact;
      }
      default -> throw new IllegalStateException("not a type for a scanner: " + type);
    };
  }

  /** By way of a double or a long, as the parser does; an integer has no negative zero. */
  private static double number(NumberReader numbers) {
    return numbers.isLong() ? numbers.asLong() : numbers.asDouble();
  }

  private static int key(byte[] body, int at, int length) {
    int end = at + KEY.length;
    if (end > length) {
      return -1;
    }
    for (int i = 0; i < KEY.length; i++) {
      if (body[at + i] != KEY[i]) {
        return -1;
      }
    }
    return end;
  }

  private static boolean ends(byte[] body, int from, int length) {
    int at = past(body, from, length, '}');
    return at >= 0 && skipSpace(body, at, length) == length;
  }

  /** Where to go on after a punctuation mark; -1 when it does not come next. */
  private static int past(byte[] body, int from, int length, char mark) {
    int at = skipSpace(body, from, length);
    return at < length && body[at] == mark ? at + 1 : -1;
  }

  private static int skipSpace(byte[] body, int from, int length) {
    int at = from;
    while (at < length
        && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t')) {
      at++;
    }
    return at;
  }
}
