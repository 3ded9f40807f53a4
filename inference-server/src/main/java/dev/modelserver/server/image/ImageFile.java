package dev.modelserver.server.image;

/**
 * The bytes of an image in the body of a request, without a copy.
 *
 * @param bytes the whole body
 * @param from index of the first byte of the image
 * @param to index after its last byte
 * @param place what the caller calls it, for the sentence of an error
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record ImageFile(byte[] bytes, int from, int to, String place) {

  int length() {
    return to - from;
  }

  /** An unsigned byte. */
  int u8(int index) {
    return bytes[index] & 0xff;
  }

  /** Two bytes, the high one first. */
  int u16(int index) {
    return u8(index) << 8 | u8(index + 1);
  }

  /** Four bytes, the highest first. */
  int i32(int index) {
    return u16(index) << 16 | u16(index + 2);
  }

  /** Whether these bytes begin at the index; an element of -1 stands for any byte. */
  boolean matches(int index, int... expected) {
    if (expected.length > to - index) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] >= 0 && u8(index + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether this ASCII text begins at the index. */
  boolean matches(int index, String text) {
    return matches(index, text.chars().toArray());
  }
}
