package dev.modelserver.server.image;

import dev.modelserver.server.failure.RequestException;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a PNG file up to its pixels (PNG specification, third edition, section 11).
 *
 * @param colorType 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha
 * @param palette red, green, blue of each entry; null without
 * @param data index of the first chunk with pixels
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Png(
    ImageFile file,
    int width,
    int height,
    int bitDepth,
    int colorType,
    boolean interlaced,
    byte @Nullable [] palette,
    int orientation,
    int data)
    implements Picture {

  static final int[] SIGNATURE = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  static final int IDAT = 0x49444154;
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504c5445;
  private static final int EXIF = 0x65584966;
  private static final int IEND = 0x49454e44;

  /** Bytes of a chunk around its data: length, type, checksum. */
  static final int CHUNK_OVERHEAD = 12;

  @Override
  public int bands() {
    return colorType == 0 || colorType == 4 ? 1 : 3;
  }

  /** An interlaced picture is complete only at the end of the file. */
  @Override
  public long decodingBytes() {
    return interlaced ? (long) width * height * bands() : 0;
  }

  @Override
  public void read(Rows rows) throws RequestException {
    new PngRows(this).read(rows);
  }

  /** Values of a pixel as stored. */
  int samples() {
    return switch (colorType) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
  }

  /** Reads the chunks before the pixels. */
  static Png of(ImageFile file) throws RequestException {
    int at = file.from() + SIGNATURE.length;
    int length = chunk(file, at);
    if (file.i32(at + 4) != IHDR || length != 13) {
      throw damaged(file);
    }
    int header = at + 8;
    byte[] palette = null;
    int orientation = Orientation.UPRIGHT;
    for (at += length + CHUNK_OVERHEAD; ; at += length + CHUNK_OVERHEAD) {
      length = chunk(file, at);
      int type = file.i32(at + 4);
      if (type == IDAT) {
        break;
      } else if (type == PLTE) {
        palette = palette(file, at + 8, length);
      } else if (type == EXIF) {
        orientation = Orientation.of(file, at + 8, at + 8 + length);
      } else if (type == IEND || type == IHDR) {
        throw damaged(file);
      }
    }
    Png png =
        new Png(
            file,
            file.i32(header),
            file.i32(header + 4),
            file.u8(header + 8),
            file.u8(header + 9),
            file.u8(header + 12) == 1,
            palette,
            orientation,
            at);
    boolean known =
        png.width > 0
            && png.height > 0
            && depthFits(png.bitDepth, png.colorType)
            && file.u8(header + 10) == 0
            && file.u8(header + 11) == 0
            && file.u8(header + 12) <= 1
            && (png.colorType != 3 || palette != null);
    if (!known) {
      throw damaged(file);
    }
    Picture.checkSize(file, png.width, png.height);
    return png;
  }

  /** Checks that a whole chunk with the right checksum is there; returns the length of its data. */
  static int chunk(ImageFile file, int at) throws RequestException {
    if (file.to() - at < CHUNK_OVERHEAD) {
      throw truncated(file);
    }
    int length = file.i32(at);
    if (length < 0 || length > file.to() - at - CHUNK_OVERHEAD) {
      throw truncated(file);
    }
    CRC32 checksum = new CRC32();
    checksum.update(file.bytes(), at + 4, length + 4);
    if ((int) checksum.getValue() != file.i32(at + 8 + length)) {
      throw damaged(file);
    }
    return length;
  }

  static RequestException damaged(ImageFile file) {
    return Picture.wrong(file, "is a damaged PNG image; send it again or save it anew");
  }

  static RequestException truncated(ImageFile file) {
    return Picture.wrong(file, "is a PNG image that ends too early; send the whole file");
  }

  private static byte[] palette(ImageFile file, int from, int length) throws RequestException {
    if (length % 3 != 0 || length == 0 || length > 3 * 256) {
      throw damaged(file);
    }
    // an index beyond the palette is black
    byte[] palette = new byte[3 * 256];
    System.arraycopy(file.bytes(), from, palette, 0, length);
    return palette;
  }

  private static boolean depthFits(int depth, int colorType) {
    return switch (colorType) {
      case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
      case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
      case 2, 4, 6 -> depth == 8 || depth == 16;
      default -> false;
    };
  }
}
