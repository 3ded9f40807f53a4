package dev.modelserver.server.json;

import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumberReader;
import java.nio.ByteBuffer;

/**
 * Reads elements that follow each other with commas between, for as long as they are plain ones of
 * the type: the inner loop of a large tensor. What it stops at, right or wrong, is not read.
 */
final class ElementRun {

  private final JsonReader json;
  private final NumberReader numbers;
  private final byte[] bytes;
  private final int end;
  private final DataType type;

  ElementRun(JsonReader json, DataType type) {
    this.json = json;
    this.numbers = json.numbers;
    this.bytes = json.bytes;
    this.end = json.end;
    this.type = type;
  }

  /** Reads up to {@code limit} elements, each with the comma before it; says how many. */
  int read(ByteBuffer data, int index, int limit) {
    int read =
        switch (type) {
          case FP32 -> floats(data, index, limit);
          case FP64 -> doubles(data, index, limit);
          case BOOL -> truths(data, index, limit);
          case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
              integers(data, index, limit);
          case FP16, BF16, BYTES -> 0;
        };
    json.level().countValues(read);
    return read;
  }

  private int floats(ByteBuffer data, int index, int limit) {
    int at = index * 4;
    for (int i = 0; i < limit; i++, at += 4) {
      if (!number()) {
        return i;
      }
      float value = numbers.asFloat();
      if (Float.isInfinite(value)) {
        return i;
      }
      data.putFloat(at, value);
      json.position = numbers.position();
    }
    return limit;
  }

  private int doubles(ByteBuffer data, int index, int limit) {
    int at = index * 8;
    for (int i = 0; i < limit; i++, at += 8) {
      if (!number()) {
        return i;
      }
      double value = numbers.asDouble();
      if (Double.isInfinite(value)) {
        return i;
      }
      data.putDouble(at, value);
      json.position = numbers.position();
    }
    return limit;
  }

  private int integers(ByteBuffer data, int index, int limit) {
    long min = type.min();
    long max = type.max();
    int size = type.size();
    for (int i = 0; i < limit; i++) {
      if (!number() || !numbers.isLong()) {
        return i;
      }
      long value = numbers.asLong();
      if (value < min || value > max) {
        return i;
      }
      int at = (index + i) * size;
      switch (size) {
        case 1 -> data.put(at, (byte) value);
        case 2 -> data.putShort(at, (short) value);
        case 4 -> data.putInt(at, (int) value);
        default -> data.putLong(at, value);
      }
      json.position = numbers.position();
    }
    return limit;
  }

  private int truths(ByteBuffer data, int index, int limit) {
    for (int i = 0; i < limit; i++) {
      int p = pastComma();
      if (p < 0) {
        return i;
      }
      if (isWord(p, "true")) {
        data.put(index + i, (byte) 1);
        json.position = p + 4;
      } else if (isWord(p, "false")) {
        data.put(index + i, (byte) 0);
        json.position = p + 5;
      } else {
        return i;
      }
    }
    return limit;
  }

  private boolean isWord(int from, String word) {
    int length = word.length();
    if (end - from < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[from + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean number() {
    int p = pastComma();
    if (p < 0) {
      return false;
    }
    numbers.position(p);
    return numbers.next();
  }

  /** Where the next value begins; negative when no comma comes next. */
  private int pastComma() {
    int p = json.position;
    while (p < end && JsonReader.isSpace(bytes[p])) {
      p++;
    }
    if (p >= end || bytes[p] != ',') {
      return -1;
    }
    p++;
    while (p < end && JsonReader.isSpace(bytes[p])) {
      p++;
    }
    return p;
  }
}
