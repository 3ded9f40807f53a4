package dev.modelserver.server.connection;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpConstants;

/**
 * Finds header fields that continue on a second line (RFC 9112, section 5.2: obsolete). The decoder
 * joins them, other programs drop the second line or take it for a field of its own: a folded
 * Transfer-Encoding then ends the request in two places.
 */
final class FoldedFields {

  /** Bytes that are looked at together: a search in the buffer costs a call for each line. */
  private final byte[] block = new byte[256];

  /**
   * Whether a line begins with a blank.
   *
   * @param from index of the first byte of a line
   * @param to index behind the last byte of a line
   * @param first whether the first line is the first of all, which continues nothing
   */
  boolean in(ByteBuf lines, int from, int to, boolean first) {
    boolean lineBegins = !first;
    for (int at = from; at < to; at += block.length) {
      int bytes = Math.min(block.length, to - at);
      lines.getBytes(at, block, 0, bytes);
      for (int i = 0; i < bytes; i++) {
        if (lineBegins && blank(block[i])) {
          return true;
        }
        lineBegins = block[i] == HttpConstants.LF;
      }
    }
    return false;
  }

  private static boolean blank(byte value) {
    return value == HttpConstants.SP || value == HttpConstants.HT;
  }
}
