package dev.modelserver.server.image;

/**
 * Makes red, green and blue of cyan, magenta, yellow and black, with Pillow's formula and rounding:
 * colour profiles are ignored, as everywhere.
 */
final class CmykRows implements Picture.Rows {

  private final Picture.Rows target;
  private final byte[] row;

  /** Takes rows of four bytes a pixel, in which 255 is the most ink. */
  CmykRows(Picture.Rows target, int width) {
    this.target = target;
    this.row = new byte[3 * width];
  }

  @Override
  public void row(byte[] pixels) {
    for (int i = 0, at = 0; i < row.length; i += 3, at += 4) {
      int light = 255 - (pixels[at + 3] & 0xff);
      for (int channel = 0; channel < 3; channel++) {
        // light * ink / 255, rounded to the nearest
        int product = light * (pixels[at + channel] & 0xff) + 128;
        row[i + channel] = (byte) (light - (((product >> 8) + product) >> 8));
      }
    }
    target.row(row);
  }
}
