package dev.modelserver.server.image;

import dev.modelserver.server.failure.RequestException;
import java.io.ByteArrayOutputStream;

/**
 * The segments of a JPEG file up to its first scan, and how many scans follow (ITU-T T.81, annex
 * B). Profiles, thumbnails and comments are left out: nothing that reads them is ever run.
 *
 * @param components colour channels as stored: 1 for gray, 3, or 4 for CMYK
 * @param orientation of EXIF; 1 without
 * @param decodingBytes of the coefficients, which a decoder keeps when it reads several scans
 * @param head the start of the file, with only the segments that decoding needs
 * @param body index of the first scan in the file
 * @param scans how many scans there are, each of which tells about the whole picture if it is
 *     progressive
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Jpeg(
    ImageFile file,
    int width,
    int height,
    int components,
    int orientation,
    long decodingBytes,
    byte[] head,
    int body,
    int scans)
    implements Picture {

  /** Pixels times scans: each scan costs a pass over the picture, and encoders write about ten. */
  static final long MAX_WORK = 4L * MAX_PIXELS;

  private static final int SOF_BASELINE = 0xc0;
  private static final int SOF_PROGRESSIVE = 0xc2;
  private static final int DHT = 0xc4;
  private static final int JPG = 0xc8;
  private static final int DAC = 0xcc;
  private static final int SOF_LAST = 0xcf;
  private static final int RST_LAST = 0xd7;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int APP_FIRST = 0xe0;
  private static final int APP_EXIF = 0xe1;
  private static final int APP_ADOBE = 0xee;
  private static final int APP_LAST = 0xef;
  private static final int COM = 0xfe;

  /** Without it, some decoders take the components of a picture for red, green and blue. */
  private static final byte[] JFIF = {
    (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  @Override
  public int bands() {
    return 3;
  }

  @Override
  public void read(Rows rows) throws RequestException {
    JpegRows.read(this, rows);
  }

  /** Reads the segments. */
  static Jpeg of(ImageFile file) throws RequestException {
    return new Segments(file).read();
  }

  /** One pass over the segments. */
  private static final class Segments {
    private final ImageFile file;
    private final ByteArrayOutputStream tables = new ByteArrayOutputStream(1024);
    private int at;
    private int frame = -1;
    private boolean progressive;
    private int orientation = Orientation.UPRIGHT;
    private boolean jfif;
    private int adobe = -1;

    Segments(ImageFile file) {
      this.file = file;
      this.at = file.from() + 2;
    }

    Jpeg read() throws RequestException {
      int marker = marker();
      for (; marker != SOS; marker = marker()) {
        int end = at + length();
        segment(marker, end);
        at = end;
      }
      if (frame < 0) {
        throw Picture.wrong(file, "is a JPEG image without a frame; send the whole file");
      }
      int width = file.u16(frame + 3);
      int height = file.u16(frame + 1);
      int components = file.u8(frame + 5);
      check(width, height, components);
      int first = at - 2;
      boolean together = !progressive && length() > 2 && file.u8(at + 2) == components;
      int scans = together ? 1 : scans(at);
      if ((long) width * height * scans > MAX_WORK) {
        throw Picture.wrong(
            file,
            "has "
                + (long) width * height
                + " pixels in "
                + scans
                + " scans, together more than "
                + MAX_WORK
                + "; send a baseline JPEG image");
      }
      return new Jpeg(
          file,
          width,
          height,
          components,
          orientation,
          together ? 0 : coefficientBytes(width, height, components),
          head(components),
          first,
          scans);
    }

    private void segment(int marker, int end) throws RequestException {
      if (marker == APP_EXIF && file.matches(at + 2, "Exif\0\0")) {
        orientation = Orientation.of(file, at + 8, end);
      } else if (marker == APP_FIRST && file.matches(at + 2, "JFIF\0")) {
        jfif = true;
      } else if (marker == APP_ADOBE && file.matches(at + 2, "Adobe")) {
        adobe = at - 2;
      }
      if (marker >= SOF_BASELINE
          && marker <= SOF_LAST
          && marker != DHT
          && marker != JPG
          && marker != DAC) {
        if (marker > SOF_PROGRESSIVE) {
          throw Picture.wrong(
              file, "is a lossless or arithmetic-coded JPEG image; send a common one");
        }
        if (frame >= 0) {
          throw Picture.wrong(file, "is a JPEG image with two frames; send one image");
        }
        if (end - at < 8 || end - at < 8 + 3 * file.u8(at + 7)) {
          throw truncated();
        }
        frame = at + 2;
        progressive = marker == SOF_PROGRESSIVE;
      }
      if ((marker < APP_FIRST || marker > APP_LAST) && marker != COM) {
        tables.write(file.bytes(), at - 2, end - at + 2);
      }
    }

    private void check(int width, int height, int components) throws RequestException {
      if (width == 0 || height == 0) {
        throw Picture.wrong(file, "is a JPEG image without a size; save it anew");
      }
      Picture.checkSize(file, width, height);
      if (file.u8(frame) != 8) {
        throw Picture.wrong(
            file, "has " + file.u8(frame) + " bits per channel; send a JPEG image with 8");
      }
      if (components != 1 && components != 3 && components != 4) {
        throw Picture.wrong(
            file,
            "has %d colour channels; send a JPEG image in RGB, gray or CMYK".formatted(components));
      }
    }

    /** The next marker; {@code at} is moved to its length field. */
    private int marker() throws RequestException {
      while (at + 4 <= file.to()) {
        if (file.u8(at) != 0xff) {
          throw Picture.wrong(file, "is a damaged JPEG image; send it again or save it anew");
        }
        int marker = file.u8(at + 1);
        at++;
        if (marker != 0xff) {
          at++;
          return marker;
        }
      }
      throw truncated();
    }

    private int length() throws RequestException {
      int length = file.u16(at);
      if (length < 2 || length > file.to() - at) {
        throw truncated();
      }
      return length;
    }

    /** The scans from the first on, whose length field is at the index. */
    private int scans(int from) throws RequestException {
      int scans = 1;
      for (int i = from; i + 3 < file.to(); i++) {
        int marker = file.u8(i) == 0xff ? file.u8(i + 1) : 0;
        if (marker == EOI) {
          return scans;
        }
        if (marker == SOS) {
          scans++;
        }
        if (marker > RST_LAST && marker != 0xff) {
          // another segment, in which no marker is looked for
          i += 1 + file.u16(i + 2);
        }
      }
      return scans;
    }

    private long coefficientBytes(int width, int height, int components) {
      int largest = 1;
      int samples = 0;
      for (int i = 0; i < components; i++) {
        int factors = file.u8(frame + 7 + 3 * i);
        int each = (factors >> 4) * (factors & 15);
        largest = Math.max(largest, each);
        samples += each;
      }
      return 2L * width * height * samples / largest;
    }

    private byte[] head(int components) {
      ByteArrayOutputStream head = new ByteArrayOutputStream(tables.size() + 64);
      head.write(file.bytes(), file.from(), 2);
      boolean rgb =
          components == 3
              && file.u8(frame + 6) == 'R'
              && file.u8(frame + 9) == 'G'
              && file.u8(frame + 12) == 'B';
      if (jfif || (adobe < 0 && !rgb && components != 4)) {
        head.writeBytes(JFIF);
      }
      if (adobe >= 0) {
        head.write(file.bytes(), adobe, file.u16(adobe + 2) + 2);
      }
      head.writeBytes(tables.toByteArray());
      return head.toByteArray();
    }

    private RequestException truncated() {
      return Picture.wrong(file, "is a JPEG image that ends too early; send the whole file");
    }
  }
}
