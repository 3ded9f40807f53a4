package dev.modelserver.server.image;

/** Recognises files that are not read by their first bytes, so that a refusal can name them. */
final class OtherFormats {

  private OtherFormats() {}

  /** The format with its article, as in "is a WebP image". */
  static String name(ImageFile file) {
    int from = file.from();
    if (file.matches(from, "GIF8")) {
      return "a GIF image";
    }
    if (file.matches(from, "RIFF") && file.matches(from + 8, "WEBP")) {
      return "a WebP image";
    }
    if (file.matches(from + 4, "ftyp")) {
      return isoMedia(file, from);
    }
    if (file.matches(from, "BM")) {
      return "a BMP image";
    }
    if (file.matches(from, 'I', 'I', 42, 0)
        || file.matches(from, 'M', 'M', 0, 42)
        || file.matches(from, 'I', 'I', 43, 0)
        || file.matches(from, 'M', 'M', 0, 43)) {
      return "a TIFF image";
    }
    if (file.matches(from, 0, 0, 0, 12, 'j', 'P') || file.matches(from, 0xff, 0x4f, 0xff, 0x51)) {
      return "a JPEG 2000 image";
    }
    if (file.matches(from, 0xff, 0x0a) || file.matches(from, 0, 0, 0, 12, 'J', 'X', 'L')) {
      return "a JPEG XL image";
    }
    if (file.matches(from, 0, 0, 1, 0) || file.matches(from, 0, 0, 2, 0)) {
      return "a Windows icon";
    }
    if (file.matches(from, "8BPS")) {
      return "a Photoshop image";
    }
    if (file.matches(from, "%PDF")) {
      return "a PDF document";
    }
    return text(file, from);
  }

  /** Files of the ISO base media format differ in their major brand (ISO/IEC 23008-12, 10.1). */
  private static String isoMedia(ImageFile file, int from) {
    int brand = from + 8;
    if (file.matches(brand, "avif") || file.matches(brand, "avis")) {
      return "an AVIF image";
    }
    for (String heic : new String[] {"hei", "hev", "mif1", "msf1"}) {
      if (file.matches(brand, heic)) {
        return "a HEIC image";
      }
    }
    return file.matches(brand, "crx") ? "a Canon raw image" : "a video";
  }

  private static String text(ImageFile file, int from) {
    if (file.matches(from, "<svg") || file.matches(from, "<?xml")) {
      return "an SVG image or other XML";
    }
    if (file.matches(from, "<!") || file.matches(from, "<html")) {
      return "an HTML page";
    }
    if (file.matches(from, "data:")
        || file.matches(from, "/9j/")
        || file.matches(from, "iVBORw0")) {
      return "text in Base64";
    }
    return "neither a JPEG nor a PNG image";
  }
}
