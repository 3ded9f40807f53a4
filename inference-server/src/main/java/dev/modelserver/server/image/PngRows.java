package dev.modelserver.server.image;

import dev.modelserver.server.failure.RequestException;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes the pixels of a PNG file row by row (PNG specification, third edition, sections 7 to 10).
 * The JDK's reader keeps the whole picture, which is a decompression bomb's aim; here only an
 * interlaced one is kept. Channels of 16 bits keep the higher 8, transparency is dropped: the same
 * as Pillow's {@code convert("RGB")}.
 */
final class PngRows {

  /** First column and row, and steps between columns and rows, of the seven passes of Adam7. */
  private static final int[][] PASSES = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private final Png png;
  private final ImageFile file;
  private final int bands;
  private int chunk;
  private byte[] row = {};
  private byte[] above = {};

  PngRows(Png png) {
    this.png = png;
    this.file = png.file();
    this.bands = png.bands();
    this.chunk = png.data();
  }

  void read(Picture.Rows rows) throws RequestException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(file.bytes(), chunk + 8, Png.chunk(file, chunk));
      if (png.interlaced()) {
        interlaced(inflater, rows);
      } else {
        byte[] pixels = new byte[png.width() * bands];
        begin(png.width());
        for (int y = 0; y < png.height(); y++) {
          next(inflater);
          expand(png.width(), pixels, 0, bands);
          rows.row(pixels);
        }
      }
    } catch (DataFormatException e) {
      throw Png.damaged(file);
    } finally {
      inflater.end();
    }
  }

  private void interlaced(Inflater inflater, Picture.Rows rows)
      throws RequestException, DataFormatException {
    int stride = png.width() * bands;
    byte[] picture = new byte[stride * png.height()];
    for (int[] pass : PASSES) {
      int columns = (png.width() - pass[0] + pass[2] - 1) / pass[2];
      if (columns <= 0) {
        continue;
      }
      begin(columns);
      for (int y = pass[1]; y < png.height(); y += pass[3]) {
        next(inflater);
        expand(columns, picture, y * stride + pass[0] * bands, pass[2] * bands);
      }
    }
    byte[] pixels = new byte[stride];
    for (int y = 0; y < png.height(); y++) {
      System.arraycopy(picture, y * stride, pixels, 0, stride);
      rows.row(pixels);
    }
  }

  /** Rows of so many pixels follow; the one above the first is zero. */
  private void begin(int columns) {
    int bytes = (columns * png.samples() * png.bitDepth() + 7) / 8;
    row = new byte[1 + bytes];
    above = new byte[1 + bytes];
  }

  /** Inflates the next row, its filter in the first byte, and undoes the filter. */
  private void next(Inflater inflater) throws RequestException, DataFormatException {
    byte[] swap = above;
    above = row;
    row = swap;
    int filled = 0;
    while (filled < row.length) {
      int count = inflater.inflate(row, filled, row.length - filled);
      filled += count;
      if (count == 0) {
        if (inflater.finished() || inflater.needsDictionary()) {
          throw Png.truncated(file);
        }
        chunk += file.i32(chunk) + Png.CHUNK_OVERHEAD;
        int length = Png.chunk(file, chunk);
        if (file.i32(chunk + 4) != Png.IDAT) {
          throw Png.truncated(file);
        }
        inflater.setInput(file.bytes(), chunk + 8, length);
      }
    }
    unfilter(Math.max(1, png.samples() * png.bitDepth() / 8));
  }

  private void unfilter(int pixel) throws RequestException {
    switch (row[0]) {
      case 0 -> {}
      case 1 -> {
        for (int i = 1 + pixel; i < row.length; i++) {
          row[i] += row[i - pixel];
        }
      }
      case 2 -> {
        for (int i = 1; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 1; i < row.length; i++) {
          int left = i > pixel ? row[i - pixel] & 0xff : 0;
          row[i] += (byte) ((left + (above[i] & 0xff)) / 2);
        }
      }
      case 4 -> {
        for (int i = 1; i < row.length; i++) {
          int left = i > pixel ? row[i - pixel] & 0xff : 0;
          int corner = i > pixel ? above[i - pixel] & 0xff : 0;
          row[i] += (byte) paeth(left, above[i] & 0xff, corner);
        }
      }
      default -> throw Png.damaged(file);
    }
  }

  private static int paeth(int left, int up, int corner) {
    int estimate = left + up - corner;
    int toLeft = Math.abs(estimate - left);
    int toUp = Math.abs(estimate - up);
    int toCorner = Math.abs(estimate - corner);
    return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
  }

  /** Writes the pixels of the row as gray or RGB, {@code step} bytes apart. */
  private void expand(int columns, byte[] into, int from, int step) {
    int depth = png.bitDepth();
    if (depth < 8 || png.colorType() == 3) {
      int per = 8 / depth;
      int mask = (1 << depth) - 1;
      for (int x = 0, at = from; x < columns; x++, at += step) {
        int value = row[1 + x / per] >> (8 - depth * (1 + x % per)) & mask;
        if (png.colorType() == 3) {
          System.arraycopy(Objects.requireNonNull(png.palette()), 3 * value, into, at, 3);
        } else {
          into[at] = (byte) (value * 255 / mask);
        }
      }
      return;
    }
    int bytes = depth / 8;
    int pixel = png.samples() * bytes;
    for (int x = 0, at = from, source = 1; x < columns; x++, at += step, source += pixel) {
      for (int band = 0; band < bands; band++) {
        into[at + band] = row[source + band * bytes];
      }
    }
  }
}
