package dev.modelserver.server.connection;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpConstants;

/**
 * Finds header fields that continue on a second line (RFC 9112, section 5.2: obsolete). The decoder
 * joins them, other programs drop the second line or take it for a field of its own: a folded
 * Transfer-Encoding then ends the request in two places.
 */
final class FoldedFields {

  private FoldedFields() {}

  /**
   * Whether a line begins with a blank.
   *
   * @param from index of the first byte of a line
   * @param to index behind the last byte of a line
   * @param first whether the first line is the first of all, which continues nothing
   */
  static boolean in(ByteBuf lines, int from, int to, boolean first) {
    if (!first && from < to && blank(lines.getByte(from))) {
      return true;
    }
    int lineFeed = lines.indexOf(from, to, HttpConstants.LF);
    while (lineFeed >= 0 && lineFeed + 1 < to) {
      if (blank(lines.getByte(lineFeed + 1))) {
        return true;
      }
      lineFeed = lines.indexOf(lineFeed + 1, to, HttpConstants.LF);
    }
    return false;
  }

  private static boolean blank(byte value) {
    return value == HttpConstants.SP || value == HttpConstants.HT;
  }
}
