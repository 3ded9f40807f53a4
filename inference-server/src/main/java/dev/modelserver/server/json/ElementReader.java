package dev.modelserver.server.json;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumberReader;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads elements of a tensor out of JSON, straight to where they belong: a number as the nearest
 * value of the tensor's type, rounded once. An element of a floating-point tensor may also be
 * missing or infinite: null and NaN, Infinity and -Infinity as tokens or strings.
 */
public final class ElementReader {

  private final JsonReader json;
  private final DataType type;
  private final ElementRun run;

  /** A reader of the next values of a text as elements of this type. */
  public ElementReader(JsonReader json, DataType type) {
    this.json = json;
    this.type = type;
    this.run = new ElementRun(json, type);
  }

  /**
   * Reads the list that has been begun to its end.
   *
   * @param data where elements go, of any type but BYTES
   * @param index of the first one there
   * @param limit elements to read; values beyond are only counted
   * @return how many values the list has
   */
  public int numbers(ByteBuffer data, int index, int limit) throws RequestException {
    int count = 0;
    while (json.nextElement()) {
      if (count < limit) {
        number(data, index + count);
        count++;
        count += run.read(data, index + count, limit - count);
      } else {
        json.skip();
        count++;
      }
    }
    return count;
  }

  /** The same for strings, which are added to a list. */
  public int strings(List<String> values, int limit) throws RequestException {
    int count = 0;
    while (json.nextElement()) {
      if (count < limit) {
        values.add(json.string());
      } else {
        json.skip();
      }
      count++;
    }
    return count;
  }

  /** The same, but only counts. */
  public int skip() throws RequestException {
    int count = 0;
    while (json.nextElement()) {
      json.skip();
      count++;
    }
    return count;
  }

  /** Reads one element of any type but BYTES. */
  public void number(ByteBuffer data, int index) throws RequestException {
    switch (type) {
      case FP32 -> data.putFloat(index * 4, float32());
      case FP64 -> data.putDouble(index * 8, float64());
      case FP16 -> data.putShort(index * 2, float16());
      case BF16 -> data.putShort(index * 2, bfloat16());
      case BOOL -> data.put(index, (byte) truth());
      case UINT8, INT8 -> data.put(index, (byte) integer());
      case UINT16, INT16 -> data.putShort(index * 2, (short) integer());
      case UINT32, INT32 -> data.putInt(index * 4, (int) integer());
      case UINT64, INT64 -> data.putLong(index * 8, integer());
      case BYTES -> throw new IllegalStateException("strings are no numbers");
    }
  }

  private float float32() throws RequestException {
    if (json.peek() != JsonReader.Kind.NUMBER) {
      return (float) other();
    }
    json.readNumber();
    float value = json.numbers.asFloat();
    if (Float.isInfinite(value)) {
      throw wrong();
    }
    return value;
  }

  private double float64() throws RequestException {
    if (json.peek() != JsonReader.Kind.NUMBER) {
      return other();
    }
    json.readNumber();
    double value = json.numbers.asDouble();
    if (Double.isInfinite(value)) {
      throw wrong();
    }
    return value;
  }

  private short float16() throws RequestException {
    if (json.peek() != JsonReader.Kind.NUMBER) {
      return Float.floatToFloat16((float) other());
    }
    json.readNumber();
    short bits = json.numbers.asFloat16();
    if (Float.isInfinite(Float.float16ToFloat(bits))) {
      throw wrong();
    }
    return bits;
  }

  private short bfloat16() throws RequestException {
    if (json.peek() != JsonReader.Kind.NUMBER) {
      return (short) (Float.floatToIntBits((float) other()) >>> 16);
    }
    json.readNumber();
    short bits = json.numbers.asBfloat16();
    if (Float.isInfinite(Float.intBitsToFloat(bits << 16))) {
      throw wrong();
    }
    return bits;
  }

  /** What stands for a number that JSON does not have. */
  private double other() throws RequestException {
    return switch (json.peek()) {
      case NULL -> {
        json.skip();
        yield Double.NaN;
      }
      case NON_FINITE -> json.nonFinite();
      case STRING ->
          switch (json.string()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw wrong();
          };
      case OBJECT, LIST, NUMBER, BOOLEAN -> throw wrong();
    };
  }

  private int truth() throws RequestException {
    return json.peek() == JsonReader.Kind.BOOLEAN ? (json.bool() ? 1 : 0) : (int) whole(0, 1);
  }

  private long integer() throws RequestException {
    return whole(type.min(), type.max());
  }

  private long whole(long min, long max) throws RequestException {
    if (json.peek() != JsonReader.Kind.NUMBER) {
      throw wrong();
    }
    json.readNumber();
    NumberReader number = json.numbers;
    if (!number.isWhole()) {
      throw wrong();
    }
    long magnitude = number.magnitude();
    long value = number.isNegative() ? -magnitude : magnitude;
    // a magnitude beyond 63 bits gives a value of the other sign
    boolean signed = (value < 0) == (number.isNegative() && magnitude != 0);
    boolean fits =
        type == DataType.UINT64
            ? magnitude == 0 || !number.isNegative()
            : signed && value >= min && value <= max;
    if (!fits) {
      throw wrong();
    }
    return value;
  }

  private RequestException wrong() throws RequestException {
    return json.wrong(type.needed());
  }
}
