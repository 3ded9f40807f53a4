package dev.modelserver.server.image;

/**
 * How a camera was held: the tag Orientation of EXIF, 1 to 8 (Exif 2.32, section 4.6.4; TIFF 6.0,
 * section 2 for the structure around it).
 */
final class Orientation {

  /** The first row is the top, the first column the left. */
  static final int UPRIGHT = 1;

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private Orientation() {}

  /**
   * Reads the tag from the TIFF structure between two indexes. Metadata is often broken; what
   * cannot be read is upright.
   */
  static int of(ImageFile file, int from, int to) {
    if (to - from < 8) {
      return UPRIGHT;
    }
    boolean little = file.matches(from, "II");
    if (!little && !file.matches(from, "MM")) {
      return UPRIGHT;
    }
    long directory = from + Integer.toUnsignedLong(i32(file, from + 4, little));
    if (directory + 2 > to) {
      return UPRIGHT;
    }
    int entries = u16(file, (int) directory, little);
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + (long) i * ENTRY_BYTES;
      if (entry + ENTRY_BYTES > to) {
        return UPRIGHT;
      }
      int at = (int) entry;
      if (u16(file, at, little) == TAG && u16(file, at + 2, little) == SHORT) {
        int value = u16(file, at + 8, little);
        return value >= 1 && value <= 8 ? value : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  /** Whether rows become columns. */
  static boolean swapsSides(int orientation) {
    return orientation >= 5;
  }

  private static int u16(ImageFile file, int index, boolean little) {
    int value = file.u16(index);
    return little ? (Integer.reverseBytes(value) >>> 16) : value;
  }

  private static int i32(ImageFile file, int index, boolean little) {
    int value = file.i32(index);
    return little ? Integer.reverseBytes(value) : value;
  }
}
