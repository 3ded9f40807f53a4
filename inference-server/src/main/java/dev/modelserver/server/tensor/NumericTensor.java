package dev.modelserver.server.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers or booleans, row-major, in the machine's byte order; {@code data} starts at position 0.
 */
public record NumericTensor(DataType type, Shape shape, ByteBuffer data) implements Tensor {

  public NumericTensor {
    if (type == DataType.BYTES) {
      throw new IllegalArgumentException("strings are a StringTensor");
    }
    if (shape.elements() * type.size() != data.limit()) {
      throw new IllegalArgumentException(data.limit() + " bytes do not fill " + type + shape);
    }
    data.order(ByteOrder.nativeOrder());
  }

  /** Memory outside the heap is dear to get: smaller tensors are cheaper to copy. */
  private static final int MIN_DIRECT_BYTES = 4096;

  /**
   * An empty tensor to be filled; when large, its memory is outside the heap, where the runtime can
   * read it in place.
   */
  public static NumericTensor allocate(DataType type, Shape shape) {
    int bytes = Math.toIntExact(Math.multiplyExact(shape.elements(), type.size()));
    return new NumericTensor(
        type,
        shape,
        bytes < MIN_DIRECT_BYTES ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes));
  }

  /** The element as a floating-point number; exact for all types but large 64-bit integers. */
  public double doubleAt(int index) {
    return switch (type) {
      case FP32 -> data.getFloat(index * 4);
      case FP64 -> data.getDouble(index * 8);
      case FP16 -> Float.float16ToFloat(data.getShort(index * 2));
      case BF16 -> Float.intBitsToFloat(data.getShort(index * 2) << 16);
      case UINT64 -> unsignedDouble(longAt(index));
      case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> (double) longAt(index);
      case BYTES -> throw new IllegalStateException("strings are a StringTensor");
    };
  }

  /** The element of an integer or boolean tensor; the bits of a UINT64. */
  public long longAt(int index) {
    return switch (type) {
      case BOOL -> data.get(index) == 0 ? 0 : 1;
      case UINT8 -> Byte.toUnsignedLong(data.get(index));
      case INT8 -> data.get(index);
      case UINT16 -> Short.toUnsignedLong(data.getShort(index * 2));
      case UINT32 -> Integer.toUnsignedLong(data.getInt(index * 4));
      case INT16 -> data.getShort(index * 2);
      case INT32 -> data.getInt(index * 4);
      case INT64, UINT64 -> data.getLong(index * 8);
      case FP16, BF16, FP32, FP64, BYTES ->
          throw new IllegalStateException(type + " holds no integers");
    };
  }

  private static double unsignedDouble(long bits) {
    // the lowest bit is kept sticky, so that halving does not change the rounding
    return bits >= 0 ? bits : (double) ((bits >>> 1) | (bits & 1)) * 2;
  }
}
