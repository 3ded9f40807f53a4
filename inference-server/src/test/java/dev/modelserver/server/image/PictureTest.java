package dev.modelserver.server.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.server.TestImages;
import dev.modelserver.server.failure.RequestException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and that nothing worse happens to any file. */
class PictureTest {

  @ParameterizedTest
  @CsvSource({
    "'', is empty; send a JPEG or PNG image",
    "hello, is neither a JPEG nor a PNG image; send a JPEG or PNG image",
    "GIF89a, is a GIF image; send a JPEG or PNG image",
    "RIFF1234WEBPVP8, is a WebP image;",
    "1234ftypheic, is a HEIC image;",
    "1234ftypheix, is a HEIC image;",
    "1234ftypmif1, is a HEIC image;",
    "1234ftypavif, is an AVIF image;",
    "1234ftypavis, is an AVIF image;",
    "1234ftypcrx , is a Canon raw image;",
    "1234ftypisom, is a video;",
    "BMxx, is a BMP image;",
    "8BPS, is a Photoshop image;",
    "%PDF-1.7, is a PDF document;",
    "<svg xmlns=, is an SVG image or other XML;",
    "<!DOCTYPE html>, is an HTML page;",
    "/9j/4AAQSkZJRg==, is text in Base64;",
    "data:image/png;base64, is text in Base64;",
    // the first four bytes of the next formats are no text
    "49 49 2a 00, is a TIFF image;",
    "4d 4d 00 2a, is a TIFF image;",
    "00 00 00 0c 6a 50 20 20, is a JPEG 2000 image;",
    "ff 4f ff 51, is a JPEG 2000 image;",
    "00 00 00 0c 4a 58 4c 20, is a JPEG XL image;",
    "ff 0a, is a JPEG XL image;",
    "00 00 01 00, is a Windows icon;",
  })
  void namesOtherFiles(String content, String sentence) {
    byte[] bytes =
        content.matches("[0-9a-f]{2}( [0-9a-f]{2})+")
            ? HexFormat.ofDelimiter(" ").parseHex(content)
            : content.getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(bytes, "file " + sentence);
  }

  @Test
  void refusesTwoChannels() throws IOException {
    byte[] bytes = TestImages.bytes("baseline-420.jpg");
    for (int i = 2; ; i++) {
      if ((bytes[i] & 0xff) == 0xff && (bytes[i + 1] & 0xff) == 0xc0) {
        bytes[i + 9] = 2;
        break;
      }
    }
    assertRefused(bytes, "has 2 colour channels; send a JPEG image in RGB, gray or CMYK");
  }

  @ParameterizedTest
  @CsvSource({
    "50001, 1000, 50001 x 1000 pixels",
    "65536, 1, 65536 x 1 pixels",
    "1, 65536, 1 x 65536 pixels",
    "2147483647, 2147483647, 2147483647 x 2147483647 pixels",
  })
  void refusesManyPixelsOfAPngBeforeItReadsThem(int width, int height, String sentence)
      throws IOException {
    assertRefused(resizedPng(width, height), sentence + ", at most 50000000 are taken, and 65535");
  }

  @Test
  void refusesManyPixelsOfAJpegBeforeItReadsThem() throws IOException {
    assertRefused(resizedJpeg("baseline-420.jpg", 65535, 65535), "has 65535 x 65535 pixels");
    assertRefused(resizedJpeg("progressive.jpg", 7000, 7000), "has 49000000 pixels in 10 scans");
  }

  @Test
  void takesManyPixels() throws IOException, RequestException {
    assertThat(Picture.of(TestImages.of(resizedPng(50_000, 1000))).width()).isEqualTo(50_000);
    // promises 50 million pixels and has 320
    assertRefused(resizedPng(50_000, 1000), "is a PNG image that ends too early");
    assertRefused(resizedJpeg("baseline-420.jpg", 10_000, 5000), "is a damaged JPEG image");
  }

  @Test
  void keepsOnlyWhatIsCompleteAtTheEnd() throws IOException, RequestException {
    assertThat(Picture.of(TestImages.open("rgb-8.png")).decodingBytes()).isZero();
    assertThat(Picture.of(TestImages.open("rgb-8-interlaced.png")).decodingBytes())
        .isEqualTo(3 * 11 * 9);
    assertThat(Picture.of(TestImages.open("baseline-420.jpg")).decodingBytes()).isZero();
    // two bytes for each coefficient, a quarter of them for each of two channels
    assertThat(Picture.of(TestImages.open("progressive.jpg")).decodingBytes())
        .isEqualTo(2 * 21 * 17 * 6 / 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0,1,8,2,0,0,0",
        "1,0,8,2,0,0,0",
        "1,1,3,0,0,0,0",
        "1,1,8,5,0,0,0",
        "1,1,16,3,0,0,0",
        "1,1,4,2,0,0,0",
        "1,1,8,3,0,0,0",
        "1,1,8,2,1,0,0",
        "1,1,8,2,0,1,0",
        "1,1,8,2,0,0,2"
      })
  void refusesAPngHeaderThatCannotBe(String fields) throws IOException {
    int[] values = Arrays.stream(fields.split(",")).mapToInt(Integer::parseInt).toArray();
    ByteBuffer header = ByteBuffer.allocate(13).putInt(values[0]).putInt(values[1]);
    for (int i = 2; i < values.length; i++) {
      header.put((byte) values[i]);
    }

    assertRefused(withHeader(header.array()), "is a damaged PNG image");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rgb-8.png", "rgba-16-interlaced.png", "palette-4.png", "turned.png"})
  void refusesEveryTruncatedPng(String file) throws IOException {
    byte[] bytes = TestImages.bytes(file);
    // the last chunk, IEND, tells nothing
    for (int length = 8; length < bytes.length - 12; length++) {
      assertRefused(Arrays.copyOf(bytes, length), "is a PNG image that ends too early");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"baseline-420.jpg", "progressive.jpg", "orientation-6.jpg", "ycck.jpg"})
  void refusesEveryTruncatedJpeg(String file) throws IOException {
    byte[] bytes = TestImages.bytes(file);
    for (int length = 3; length < bytes.length - 1; length++) {
      assertRefused(Arrays.copyOf(bytes, length), "a");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rgb-8.png", "gray-2-interlaced.png", "palette-8.png", "transparent.png", "turned.png",
        "baseline-420.jpg", "progressive.jpg", "restart.jpg", "rgb.jpg", "orientation-6.jpg",
        "profile.jpg", "gray.jpg", "cmyk.jpg", "cmyk-progressive.jpg", "ycck.jpg"
      })
  void readsOrRefusesEveryDamagedFile(String file) throws IOException {
    byte[] bytes = TestImages.bytes(file);
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      byte[] damaged = bytes.clone();
      for (int i = 0; i <= round % 4; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      assertThatCode(() -> readOrRefuse(damaged)).doesNotThrowAnyException();
    }
  }

  @Test
  void ignoresBrokenOrientations() throws IOException, RequestException {
    byte[] bytes = TestImages.bytes("orientation-6.jpg");
    ImageFile whole = TestImages.of(bytes);
    int tiff = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("Exif") + 6;
    assertThat(Picture.of(whole).orientation()).isEqualTo(6);
    for (int length = 0; length < 8 + 2 + 12; length++) {
      assertThat(Orientation.of(whole, tiff, tiff + length)).isEqualTo(1);
    }
    bytes[tiff + 4] = (byte) 0xff;
    assertThat(Picture.of(whole).orientation()).isEqualTo(1);
  }

  private static void readOrRefuse(byte[] bytes) {
    try {
      Picture picture = Picture.of(TestImages.of(bytes));
      picture.read(row -> {});
    } catch (RequestException refused) {
      assertThat(refused).hasMessageStartingWith("file ");
    }
  }

  private static void assertRefused(byte[] bytes, String sentence) {
    assertThatThrownBy(() -> Picture.of(TestImages.of(bytes)).read(row -> {}))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining(sentence);
  }

  /** A PNG that says it has another size than it has. */
  private static byte[] resizedPng(int width, int height) throws IOException {
    byte[] bytes = TestImages.bytes("rgb-8.png");
    byte[] header = Arrays.copyOfRange(bytes, 16, 29);
    ByteBuffer.wrap(header).putInt(width).putInt(height);
    return withHeader(header);
  }

  private static byte[] withHeader(byte[] header) throws IOException {
    byte[] bytes = TestImages.bytes("rgb-8.png");
    ByteBuffer file = ByteBuffer.wrap(bytes);
    file.put(16, header);
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 12, 17);
    file.putInt(29, (int) checksum.getValue());
    return bytes;
  }

  /** A JPEG that says it has another size than it has. */
  private static byte[] resizedJpeg(String file, int width, int height) throws IOException {
    byte[] bytes = TestImages.bytes(file);
    for (int i = 2; ; i++) {
      if ((bytes[i] & 0xff) == 0xff && (bytes[i + 1] & 0xfd) == 0xc0) {
        ByteBuffer.wrap(bytes).putShort(i + 5, (short) height).putShort(i + 7, (short) width);
        return bytes;
      }
    }
  }
}
