package dev.modelserver.server.tensor;

/** The upper half of a float. */
final class Bfloat16 {

  private Bfloat16() {}

  /** The bits of the nearest one, of two equally near the even one. */
  static short nearest(float value) {
    int bits = Float.floatToIntBits(value);
    return (short) (Float.isNaN(value) ? bits >>> 16 : (bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
  }
}
