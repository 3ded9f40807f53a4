package dev.modelserver.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FoldedFieldsTest {
  private static final Pattern FOLDED = Pattern.compile("\n[ \t]");
  private static final String LETTERS = "a: \t\r\n";
  private static final int TRIALS = 20_000;

  /** Lines of every length, so that a line also begins at the end of a block. */
  @Test
  void findsBlanksAtTheBeginningOfALine() {
    Random random = new Random(1);
    FoldedFields folded = new FoldedFields();
    int found = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      String lines = lines(random, random.nextInt(600));
      boolean first = random.nextBoolean();
      boolean expected = FOLDED.matcher(first ? lines : "\n" + lines).find();

      assertThat(folded.in(buffer("ab" + lines), 2, 2 + lines.length(), first))
          .as("%s, first %s", lines, first)
          .isEqualTo(expected);
      found += expected ? 1 : 0;
    }
    assertThat(found).isBetween(TRIALS / 10, TRIALS * 9 / 10);
  }

  @Test
  void findsOneBehindAnyNumberOfBytes() {
    FoldedFields folded = new FoldedFields();
    for (int bytes = 0; bytes < 1100; bytes++) {
      String line = "x".repeat(bytes) + "\r\n";
      assertThat(folded.in(buffer(line + "y"), 0, bytes + 3, true)).isFalse();
      assertThat(folded.in(buffer(line + " "), 0, bytes + 3, true)).as("%d bytes", bytes).isTrue();
      assertThat(folded.in(buffer(line + " "), 0, bytes + 2, true)).isFalse();
    }
  }

  /** Few blanks, or every text of this length would have a folded line. */
  private static String lines(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(random.nextInt(8) > 0 ? 'x' : LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return text.toString();
  }

  private static ByteBuf buffer(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }
}
