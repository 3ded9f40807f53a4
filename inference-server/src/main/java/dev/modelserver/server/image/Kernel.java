package dev.modelserver.server.image;

import dev.modelserver.server.model.ImageDescription.Resize;

/**
 * The weights with which one axis is resized, as Pillow computes them (src/libImaging/Resample.c):
 * making a picture smaller widens the filter, so that every pixel counts.
 *
 * @param first the first source index of each target index
 * @param weights of the source indexes from there on, as whole numbers of 1 / 2^{@link #BITS}
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Kernel(int[] first, int[][] weights) {

  /** Pillow's precision for channels of 8 bits. */
  static final int BITS = 32 - 8 - 2;

  /**
   * Weights for a part of an axis.
   *
   * @param from where the part begins
   * @param to where it ends
   */
  static Kernel of(Resize filter, int sourceSize, float from, float to, int targetSize) {
    double scale = (double) (to - from) / targetSize;
    double widened = Math.max(scale, 1);
    double support = (filter == Resize.BICUBIC ? 2 : 1) * widened;
    int[] first = new int[targetSize];
    int[][] weights = new int[targetSize][];
    for (int i = 0; i < targetSize; i++) {
      double center = from + (i + 0.5) * scale;
      int min = Math.max(0, (int) (center - support + 0.5));
      int max = Math.min(sourceSize, (int) (center + support + 0.5));
      double[] exact = new double[max - min];
      double sum = 0;
      for (int k = 0; k < exact.length; k++) {
        exact[k] = filter(filter, (k + min - center + 0.5) * (1 / widened));
        sum += exact[k];
      }
      first[i] = min;
      weights[i] = new int[exact.length];
      for (int k = 0; k < exact.length; k++) {
        double weight = (sum == 0 ? exact[k] : exact[k] / sum) * (1 << BITS);
        weights[i][k] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
      }
    }
    return new Kernel(first, weights);
  }

  /** A sum of weighted pixels as a pixel; half was added to the sum for rounding. */
  static byte pixel(int sum) {
    return (byte) Math.max(0, Math.min(sum >> BITS, 255));
  }

  private static double filter(Resize filter, double distance) {
    double x = Math.abs(distance);
    if (filter == Resize.BILINEAR) {
      return Math.max(0, 1 - x);
    }
    double a = -0.5;
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }
}
