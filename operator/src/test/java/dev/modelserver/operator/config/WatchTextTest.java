package dev.modelserver.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WatchTextTest {
  private static final String JSON =
      "{\"title\":\"Étude \u20ac \ud83d\ude00\",\"plain\":\"\\u0007\"}\n";

  /** However the bytes are cut, no piece has anything but ASCII, and the whole says the same. */
  @Test
  void keepsEveryCharacterWhereverItIsCut() throws Exception {
    byte[] bytes = JSON.getBytes(StandardCharsets.UTF_8);
    for (int length = 1; length <= bytes.length; length++) {
      WatchText.Decoding decoding = new WatchText.Decoding();
      StringBuilder all = new StringBuilder();
      for (int from = 0; from < bytes.length; from += length) {
        ByteBuffer piece =
            ByteBuffer.wrap(bytes, from, Math.min(length, bytes.length - from)).slice();
        ByteBuffer ascii = decoding.ascii(piece);
        char[] decoded = StandardCharsets.UTF_8.decode(ascii).array();
        assertThat(decoded).doesNotContain('\0');
        all.append(decoded);
      }
      assertThat(all.toString()).matches("\\p{ASCII}*\n");
      assertThat(new ObjectMapper().readTree(all.toString()))
          .as("pieces of %d bytes", length)
          .isEqualTo(new ObjectMapper().readTree(JSON));
    }
  }
}
