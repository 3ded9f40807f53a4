package dev.modelserver.server.image;

import dev.modelserver.server.failure.RequestException;

/** A JPEG or PNG file of which the headers were read and checked, nothing else yet. */
sealed interface Picture permits Jpeg, Png {

  /** The most pixels that are decoded. */
  int MAX_PIXELS = 50_000_000;

  /** The longest side. */
  int MAX_SIDE = 65_535;

  /** Pixels in a row, as stored. */
  int width();

  /** Rows, as stored. */
  int height();

  /** How the stored picture is to be turned, as EXIF numbers it: 1 to 8. */
  int orientation();

  /** Bytes of a pixel in the rows: 1 for gray, 3 for red, green and blue. */
  int bands();

  /** Memory that decoding needs besides some rows. */
  long decodingBytes();

  /** Decodes all rows, from the first to the last. */
  void read(Rows rows) throws RequestException;

  /** Takes the rows of a picture. */
  @FunctionalInterface
  interface Rows {
    /**
     * Takes one row.
     *
     * @param pixels band after band, pixel after pixel; valid during the call
     */
    void row(byte[] pixels);
  }

  /** Reads the headers of a file. */
  static Picture of(ImageFile file) throws RequestException {
    if (file.length() == 0) {
      throw wrong(file, "is empty; send a JPEG or PNG image");
    }
    if (file.matches(file.from(), 0xff, 0xd8, 0xff)) {
      return Jpeg.of(file);
    }
    if (file.matches(file.from(), Png.SIGNATURE)) {
      return Png.of(file);
    }
    throw wrong(file, "is %s; send a JPEG or PNG image".formatted(OtherFormats.name(file)));
  }

  /** The content of the file is wrong. */
  static RequestException wrong(ImageFile file, String what) {
    return RequestException.malformed(file.place() + " " + what);
  }

  /** Refuses more pixels than are decoded. */
  static void checkSize(ImageFile file, int width, int height) throws RequestException {
    if (width > MAX_SIDE || height > MAX_SIDE || (long) width * height > MAX_PIXELS) {
      throw wrong(
          file,
          "has "
              + width
              + " x "
              + height
              + " pixels, at most "
              + MAX_PIXELS
              + " are taken, and "
              + MAX_SIDE
              + " a side; send a smaller image");
    }
  }
}
