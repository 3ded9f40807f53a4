package dev.modelserver.server.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.io.NumberOutput;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON as bytes, written from left to right; made for long lists of numbers. NaN and the
 * infinities, which JSON does not have, are null.
 */
public final class JsonWriter {

  /** No number is longer. */
  private static final int MAX_NUMBER = 32;

  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private byte[] bytes;
  private int length;

  /**
   * Begins with nothing.
   *
   * @param expected how many bytes there will be; more are possible
   */
  public JsonWriter(int expected) {
    this.bytes = new byte[expected];
  }

  /** Bytes written. */
  public int length() {
    return length;
  }

  /** Adds everything written to a buffer. */
  public void appendTo(Buffer buffer) {
    buffer.appendBytes(bytes, 0, length);
  }

  /** Adds ASCII as it is: punctuation, and names that need no escapes. */
  @SuppressWarnings("deprecation") // the one way to get ASCII bytes without another array
  public JsonWriter raw(String ascii) {
    int count = ascii.length();
    reserve(count);
    ascii.getBytes(0, count, bytes, length);
    length += count;
    return this;
  }

  /** Adds JSON that was written before. */
  public JsonWriter raw(byte[] json) {
    reserve(json.length);
    add(json);
    return this;
  }

  /** Adds a string, quoted and escaped. */
  public JsonWriter string(String value) {
    byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(value);
    reserve(quoted.length + 2);
    bytes[length++] = '"';
    add(quoted);
    bytes[length++] = '"';
    return this;
  }

  /** Adds an integer. */
  public JsonWriter number(long value) {
    reserve(MAX_NUMBER);
    length = NumberOutput.outputLong(value, bytes, length);
    return this;
  }

  /** The elements, row-major, with commas between. */
  public JsonWriter elements(Tensor tensor) {
    switch (tensor) {
      case StringTensor strings -> strings(strings);
      case NumericTensor numbers -> numbers(numbers);
    }
    return this;
  }

  /** Adds a float with the digits its type has. */
  public JsonWriter number(DataType type, double value) {
    reserve(MAX_NUMBER);
    if (type == DataType.FP64) {
      number(value);
    } else {
      number((float) value);
    }
    return this;
  }

  /** Everything written, no copy: nothing may be written after this. */
  @SuppressWarnings("deprecation") // the one way to a buffer without a copy
  public Buffer toBuffer() {
    return Buffer.buffer(Unpooled.wrappedBuffer(bytes, 0, length));
  }

  /** A copy of everything written. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void strings(StringTensor strings) {
    String separator = "";
    for (String value : strings.values()) {
      raw(separator).string(value);
      separator = ",";
    }
  }

  private void numbers(NumericTensor numbers) {
    int count = numbers.data().limit() / numbers.type().size();
    ByteBuffer data = numbers.data();
    for (int i = 0; i < count; i++) {
      reserve(MAX_NUMBER + 1);
      if (i > 0) {
        bytes[length++] = ',';
      }
      switch (numbers.type()) {
        case FP32 -> number(data.getFloat(i * 4));
        case FP64 -> number(data.getDouble(i * 8));
        case FP16, BF16 -> number((float) numbers.doubleAt(i));
        case BOOL -> raw(data.get(i) == 0 ? "false" : "true");
        case UINT64 -> raw(Long.toUnsignedString(data.getLong(i * 8)));
        case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 ->
            length = NumberOutput.outputLong(numbers.longAt(i), bytes, length);
        case BYTES -> throw new IllegalStateException("strings are a StringTensor");
      }
    }
  }

  private void number(float value) {
    if (Float.isFinite(value)) {
      raw(Float.toString(value));
    } else {
      add(NULL);
    }
  }

  private void number(double value) {
    if (Double.isFinite(value)) {
      raw(Double.toString(value));
    } else {
      add(NULL);
    }
  }

  /** There must be room. */
  private void add(byte[] more) {
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      long doubled = Math.max(2L * bytes.length, (long) length + more);
      bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, Integer.MAX_VALUE - 16));
    }
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
