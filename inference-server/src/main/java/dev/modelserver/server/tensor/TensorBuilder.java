package dev.modelserver.server.tensor;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects elements one by one while their number is not known yet. Not for use by several threads.
 */
public final class TensorBuilder {

  private final DataType type;
  private final List<String> strings = new ArrayList<>();
  private ByteBuffer data;
  private int count;

  public TensorBuilder(DataType type) {
    this.type = type;
    this.data =
        ByteBuffer.allocate(type == DataType.BYTES ? 0 : 256).order(ByteOrder.nativeOrder());
  }

  public DataType type() {
    return type;
  }

  /** Elements added so far. */
  public int count() {
    return count;
  }

  public void addString(String value) {
    strings.add(value);
    count++;
  }

  /**
   * Adds a number to a floating-point tensor.
   *
   * @return false, and nothing is added, when the value does not fit the type: it would become
   *     infinite
   */
  public boolean addDouble(double value) {
    reserve();
    switch (type) {
      case FP32 -> {
        if (Float.isInfinite((float) value)) {
          return false;
        }
        data.putFloat((float) value);
      }
      case FP64 -> {
        if (Double.isInfinite(value)) {
          return false;
        }
        data.putDouble(value);
      }
      case FP16 -> {
        short half = Float.floatToFloat16((float) value);
        if (Float.isInfinite(Float.float16ToFloat(half))) {
          return false;
        }
        data.putShort(half);
      }
      case BF16 -> {
        short bits = Bfloat16.nearest((float) value);
        if (Float.isInfinite(Float.intBitsToFloat(bits << 16))) {
          return false;
        }
        data.putShort(bits);
      }
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES ->
          throw new IllegalStateException(type + " takes no floating-point number");
    }
    count++;
    return true;
  }

  /**
   * Adds a number to an integer or boolean tensor.
   *
   * @return false, and nothing is added, when the value is outside the type's range
   */
  public boolean addLong(long value) {
    if (type == DataType.BOOL
        ? value != 0 && value != 1
        : value < type.min() || value > type.max()) {
      return false;
    }
    reserve();
    switch (type) {
      case BOOL, UINT8, INT8 -> data.put((byte) value);
      case INT16, UINT16 -> data.putShort((short) value);
      case INT32, UINT32 -> data.putInt((int) value);
      case INT64, UINT64 -> data.putLong(value);
      case FP16, BF16, FP32, FP64, BYTES ->
          throw new IllegalStateException(type + " takes no integer");
    }
    count++;
    return true;
  }

  /**
   * Adds an integer beyond the range of {@code long}; only a UINT64 has room for some of those.
   *
   * @return false, and nothing is added, when the value is outside the type's range
   */
  public boolean addInteger(BigInteger value) {
    if (type != DataType.UINT64 || value.signum() < 0 || value.bitLength() > 64) {
      return false;
    }
    reserve();
    data.putLong(value.longValue());
    count++;
    return true;
  }

  /** The tensor of everything added; its elements must fill the shape. */
  public Tensor build(Shape shape) {
    if (type == DataType.BYTES) {
      return new StringTensor(shape, strings);
    }
    NumericTensor tensor = NumericTensor.allocate(type, shape);
    tensor.data().put(data.flip()).rewind();
    return tensor;
  }

  private void reserve() {
    if (data.remaining() < type.size()) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.multiplyExact(data.capacity(), 2))
              .order(ByteOrder.nativeOrder());
      data = larger.put(data.flip());
    }
  }
}
