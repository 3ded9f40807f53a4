package dev.modelserver.server.image;

import dev.modelserver.server.model.ImageDescription;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import java.util.List;

/**
 * What the model is given for each pixel value of each channel: {@code (pixel · scale − mean) /
 * std}, rounded to the nearest when its type has no fractions.
 *
 * @param bits per channel the 256 values, as the element type stores them
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record PixelValues(DataType type, long[][] bits) {

  static PixelValues of(DataType type, int channels, ImageDescription description)
      throws InputAxes.Unsuitable {
    double scale = description.scale() == null ? 1 : description.scale();
    long[][] bits = new long[channels][256];
    for (int channel = 0; channel < channels; channel++) {
      double mean = number("mean", description.mean(), channel, channels, 0);
      double std = number("std", description.std(), channel, channels, 1);
      for (int pixel = 0; pixel < 256; pixel++) {
        bits[channel][pixel] = bits(type, (pixel * scale - mean) / std);
      }
    }
    return new PixelValues(type, bits);
  }

  /** Stores a pixel of a channel. */
  void put(NumericTensor tensor, int index, int channel, byte pixel) {
    long value = bits[channel][pixel & 0xff];
    switch (type.size()) {
      case 1 -> tensor.data().put(index, (byte) value);
      case 2 -> tensor.data().putShort(2 * index, (short) value);
      case 4 -> tensor.data().putInt(4 * index, (int) value);
      default -> tensor.data().putLong(8 * index, value);
    }
  }

  private static double number(
      String name, List<Double> numbers, int channel, int channels, double absent)
      throws InputAxes.Unsuitable {
    if (numbers.isEmpty()) {
      return absent;
    }
    if (numbers.size() == 1) {
      return numbers.getFirst();
    }
    if (numbers.size() != channels) {
      throw new InputAxes.Unsuitable(
          name + " has " + numbers.size() + " numbers, but the input has 1 channel");
    }
    return numbers.get(channel);
  }

  private static long bits(DataType type, double value) throws InputAxes.Unsuitable {
    return switch (type) {
      case FP16 -> Float.floatToFloat16((float) value);
      case BF16 -> bfloat16((float) value);
      case FP32 -> Float.floatToRawIntBits((float) value);
      case FP64 -> Double.doubleToRawLongBits(value);
      case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> whole(type, value);
      case BOOL, BYTES -> throw new InputAxes.Unsuitable("the input's type is " + type);
    };
  }

  private static long whole(DataType type, double value) {
    boolean signed = type.name().startsWith("I");
    int width = 8 * type.size() - (signed ? 1 : 0);
    double max = Math.scalb(1.0, width) - 1;
    return (long) Math.clamp(Math.rint(value), signed ? -max - 1 : 0, max);
  }

  private static int bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    // to nearest, halves to even
    int rounded = bits + 0x7fff + (bits >>> 16 & 1);
    return rounded >>> 16;
  }
}
