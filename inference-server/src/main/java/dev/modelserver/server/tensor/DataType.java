package dev.modelserver.server.tensor;

/** Element types under their names in the Open Inference Protocol, with their size in bytes. */
public enum DataType {
  BOOL(1),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FP16(2),
  BF16(2),
  FP32(4),
  FP64(8),
  /** Strings of any length, in UTF-8 on the wire. */
  BYTES(0);

  private final int size;

  DataType(int size) {
    this.size = size;
  }

  /** Bytes of one element; 0 for strings. */
  public int size() {
    return size;
  }

  public boolean isFloat() {
    return this == FP16 || this == BF16 || this == FP32 || this == FP64;
  }

  public boolean isInteger() {
    return switch (this) {
      case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> true;
      case BOOL, FP16, BF16, FP32, FP64, BYTES -> false;
    };
  }

  /** Smallest value of an integer type. */
  public long min() {
    return switch (this) {
      case UINT8, UINT16, UINT32, UINT64 -> 0;
      case INT8 -> Byte.MIN_VALUE;
      case INT16 -> Short.MIN_VALUE;
      case INT32 -> Integer.MIN_VALUE;
      case INT64 -> Long.MIN_VALUE;
      case BOOL, FP16, BF16, FP32, FP64, BYTES ->
          throw new IllegalStateException(this + " is not an integer type");
    };
  }

  /** The largest value of an integer type that a {@code long} holds; a UINT64 goes beyond. */
  public long max() {
    return switch (this) {
      case UINT8 -> 0xFF;
      case UINT16 -> 0xFFFF;
      case UINT32 -> 0xFFFF_FFFFL;
      case UINT64 -> Long.MAX_VALUE;
      case INT8 -> Byte.MAX_VALUE;
      case INT16 -> Short.MAX_VALUE;
      case INT32 -> Integer.MAX_VALUE;
      case INT64 -> Long.MAX_VALUE;
      case BOOL, FP16, BF16, FP32, FP64, BYTES ->
          throw new IllegalStateException(this + " is not an integer type");
    };
  }

  /** What an element must be, for an error: {@code "an integer from 0 to 255"}. */
  public String needed() {
    return switch (this) {
      case BYTES -> "a string";
      case BOOL -> "true or false";
      case FP16, BF16, FP32, FP64 -> "a number within the range of " + this;
      case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> "an integer " + range();
    };
  }

  /** The range of an integer type in words, for an error: {@code "from 0 to 255"}. */
  public String range() {
    return "from " + min() + " to " + (this == UINT64 ? Long.toUnsignedString(-1) : max());
  }
}
