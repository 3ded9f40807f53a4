package dev.modelserver.server.tensor;

/** Element types under their names in the Open Inference Protocol, with their size in bytes. */
public enum DataType {
  BOOL(1),
  UINT8(1),
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
    return this == UINT8 || this == INT8 || this == INT16 || this == INT32 || this == INT64;
  }

  /** Smallest value of an integer type. */
  public long min() {
    return switch (this) {
      case UINT8 -> 0;
      case INT8 -> Byte.MIN_VALUE;
      case INT16 -> Short.MIN_VALUE;
      case INT32 -> Integer.MIN_VALUE;
      case INT64 -> Long.MIN_VALUE;
      case BOOL, FP16, BF16, FP32, FP64, BYTES ->
          throw new IllegalStateException(this + " is not an integer type");
    };
  }

  /** Largest value of an integer type. */
  public long max() {
    return switch (this) {
      case UINT8 -> 255;
      case INT8 -> Byte.MAX_VALUE;
      case INT16 -> Short.MAX_VALUE;
      case INT32 -> Integer.MAX_VALUE;
      case INT64 -> Long.MAX_VALUE;
      case BOOL, FP16, BF16, FP32, FP64, BYTES ->
          throw new IllegalStateException(this + " is not an integer type");
    };
  }
}
