package dev.modelserver.server.connection;

import io.netty.buffer.ByteBuf;

/**
 * Reads over the chunks of a body beside the decoder and finds lines that hold more than the size
 * of a chunk. RFC 9112, section 7.1.1, lets a server ignore extensions; programs that read them,
 * blanks or a lone line feed in different ways see different requests in the same bytes.
 */
final class ChunkSizes {

  /** What is still to come of a chunk, with the line end behind it. */
  private long content;

  private int digits;
  private long size;
  private boolean carriageReturn;
  private boolean last;

  /** Whether the last chunk was read; fields and an empty line follow. */
  boolean ended() {
    return last;
  }

  /** Another body begins. */
  void next() {
    content = 0;
    last = false;
    nextLine();
  }

  private void nextLine() {
    digits = 0;
    size = 0;
    carriageReturn = false;
  }

  /**
   * Reads over bytes that the decoder has taken for chunks.
   *
   * @param from index of the first byte
   * @param to index behind the last byte
   * @return whether each line of a size holds hexadecimal digits alone, no more than the decoder
   *     can count, and ends with CR and LF
   */
  boolean read(ByteBuf bytes, int from, int to) {
    int at = from;
    while (at < to && !last) {
      if (content > 0) {
        int here = (int) Math.min(content, to - at);
        content -= here;
        at += here;
      } else if (!take(bytes.getByte(at++))) {
        return false;
      }
    }
    return true;
  }

  /** One byte of a line. */
  private boolean take(byte value) {
    int digit = Character.digit(value, 16);
    if (digit >= 0 && !carriageReturn) {
      size = size << 4 | digit;
      digits++;
      return size <= Integer.MAX_VALUE;
    }
    if (value == '\r' && digits > 0 && !carriageReturn) {
      carriageReturn = true;
      return true;
    }
    if (value != '\n' || !carriageReturn) {
      return false;
    }
    last = size == 0;
    content = last ? 0 : size + 2;
    nextLine();
    return true;
  }
}
