package dev.modelserver.operator.config;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * Gives watches over HTTP (where no WebSocket is to be had) their text in ASCII, with JSON's own
 * escapes. The client (fabric8 7.8) decodes each piece by itself and takes the whole array behind
 * it, so that a character of several bytes puts zeros into the JSON, and its watch ends for good:
 * an accent in a title was enough.
 */
final class WatchText implements Interceptor {
  @Override
  public AsyncBody.Consumer<List<ByteBuffer>> consumer(
      AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
    String query = request.uri().getQuery();
    if (query == null || !query.contains("watch=true")) {
      return consumer;
    }
    Decoding text = new Decoding();
    return (pieces, body) -> consumer.consume(pieces.stream().map(text::ascii).toList(), body);
  }

  private static final HexFormat HEX = HexFormat.of();

  /** The text of one answer, piece by piece. */
  static final class Decoding {
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);

    /** The first bytes of a character that goes on in the next piece. */
    private ByteBuffer begun = ByteBuffer.allocate(0);

    ByteBuffer ascii(ByteBuffer piece) {
      ByteBuffer bytes = ByteBuffer.allocate(begun.remaining() + piece.remaining());
      bytes.put(begun).put(piece).flip();
      CharBuffer chars = CharBuffer.allocate(bytes.remaining());
      decoder.decode(bytes, chars, false);
      begun = bytes;
      chars.flip();
      StringBuilder text = new StringBuilder(chars.remaining());
      while (chars.hasRemaining()) {
        char c = chars.get();
        if (c < 0x80) {
          text.append(c);
        } else {
          text.append("\\u").append(HEX.toHexDigits(c));
        }
      }
      return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
    }
  }
}
