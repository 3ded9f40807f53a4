package dev.modelserver.server.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignTextTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a bell of C0 | 7 | \\u0007",
        "the escape of a terminal | 1b | \\u001b",
        "the end of C0 | 7f | \\u007f",
        "the escape of C1 | 9b | \\u009b",
        "a next line of C1 | 85 | \\u0085",
        "a separator of lines | 2028 | \\u2028",
        "a separator of paragraphs | 2029 | \\u2029",
        "an override of the direction | 202e | \\u202e",
        "an isolate of the direction | 2066 | \\u2066",
        "a mark of the direction | 200f | \\u200f",
        "a blank of no width | 200b | \\u200b",
        "a byte order mark | feff | \\ufeff",
        "a tag, beyond the BMP | e0041 | \\ue0041",
        "half of a character | d83d | \\ud83d",
      })
  void showsWhatCannotBeSeen(String what, String codePoint, String shown) {
    String hidden = Character.toString(Integer.parseInt(codePoint, 16));

    assertThat(ForeignText.shown("a" + hidden + "b", 100)).as(what).isEqualTo("a" + shown + "b");
  }

  @Test
  void makesOneLineOfSeveral() {
    assertThat(ForeignText.shown("a\nb\tc\rd", 100)).isEqualTo("a b c d");
  }

  @Test
  void leavesWhatCanBeRead() {
    String text = "/model/layer.0 'Größe' 名前 🙂 \\u0007";

    assertThat(ForeignText.shown(text, 100)).isEqualTo(text);
  }

  @Test
  void keepsNoMoreThanItIsAskedToAndNoHalfOfACharacter() {
    assertThat(ForeignText.shown("n".repeat(500_000), 10)).isEqualTo("n".repeat(10) + "…");
    assertThat(ForeignText.shown("ab🙂", 3)).isEqualTo("ab…");
    assertThat(ForeignText.shown("abc", 3)).isEqualTo("abc");
    assertThat(ForeignText.shown("abc", 0)).isEqualTo("…");
  }

  /** Whatever it is given, a terminal and a reader of lines see one line of visible text. */
  @Test
  void givesOneVisibleLineForEveryCharacter() {
    List<Integer> shownRaw =
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .filter(
                c ->
                    ForeignText.shown(Character.toString(c), 10).codePoints().anyMatch(this::moves))
            .boxed()
            .toList();

    assertThat(shownRaw).isEmpty();
  }

  private boolean moves(int shown) {
    return Character.isISOControl(shown)
        || Character.getType(shown) == Character.FORMAT
        || Character.getType(shown) == Character.LINE_SEPARATOR
        || Character.getType(shown) == Character.PARAGRAPH_SEPARATOR;
  }
}
