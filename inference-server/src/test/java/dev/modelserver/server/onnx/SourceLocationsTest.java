package dev.modelserver.server.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken out, by a reading that goes back and forth, and how much is looked at for it. */
class SourceLocationsTest {

  private static final List<String> PIECES =
      List.of(
          "/a/b.cc:12 ",
          "a.h:1 ",
          "x.cpp:",
          "f(",
          "g(int)",
          ")",
          " const",
          " noexcept",
          " [with ",
          "T]",
          "[",
          "::<lambda(",
          "operator() ",
          " was false. ",
          "/",
          ".cc",
          ":3 ",
          " ",
          "n",
          "\n");

  @Property
  void takesOutTheSameAsTheObviousReading(@ForAll("texts") String text) {
    assertThat(SourceLocations.removed(text)).isEqualTo(Reference.removed(text));
  }

  @Provide
  static Arbitrary<String> texts() {
    return Arbitraries.of(PIECES)
        .list()
        .ofMaxSize(25)
        .map(pieces -> pieces.stream().collect(Collectors.joining()));
  }

  /** A reading that goes back for each of them would take minutes for the longer ones. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "n",
        ".cc:",
        "a.cc:1 ",
        "/a.cc:1 ",
        "/a.cc:1 f()x",
        "/a.cc:1 f(",
        "/a.cc:1 f(x) ",
        "/a.cc:1 f(x) [with [",
        "/a.cc:1 f(x)::<lambda(",
        "a/b.cc:12 f(x) c was false.",
        "(",
        ")",
      })
  void readsTextsOfAnyLength(String piece) {
    for (int length : new int[] {50_000, 500_000}) {
      String text = piece.repeat(length / piece.length());
      assertThat(SourceLocations.removed(text)).hasSizeLessThanOrEqualTo(text.length());
      String closed = text + ")x".repeat(length / piece.length()) + "n".repeat(length);
      assertThat(SourceLocations.removed(closed)).hasSizeLessThanOrEqualTo(closed.length());
    }
  }

  /** The same by going back and forth, as long as the text asks for it. */
  private static final class Reference {
    private static final String[] SUFFIXES = {".cc", ".h", ".cpp", ".hpp", ".inc"};
    private static final String[] QUALIFIERS = {" const", " noexcept", " volatile", " &&", " &"};
    private static final String FALSE = " was false. ";
    private static final int MAX_CONDITION = 300;

    private final String text;
    private final StringBuilder kept = new StringBuilder();

    private Reference(String text) {
      this.text = text;
    }

    /** The text without them. */
    static String removed(String text) {
      return new Reference(text).removed();
    }

    private String removed() {
      int from = 0;
      for (int colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
        int start = start(colon, from);
        int end = start < 0 ? -1 : line(colon + 1);
        if (end >= 0) {
          kept.append(text, from, start);
          from = text.substring(start, colon).indexOf('/') >= 0 ? signature(end) : word(end);
          colon = Math.max(colon, from - 1);
        }
      }
      return kept.append(text, from, text.length()).toString();
    }

    /** Where the name of a source file begins that ends before a colon; -1 when none does. */
    private int start(int colon, int from) {
      for (String suffix : SUFFIXES) {
        if (text.startsWith(suffix, colon - suffix.length()) && colon - suffix.length() > from) {
          int start = colon;
          while (start > from && !Character.isWhitespace(text.charAt(start - 1))) {
            start--;
          }
          return start;
        }
      }
      return -1;
    }

    /** After a number and a space; -1 when there is no such thing. */
    private int line(int at) {
      int end = at;
      while (end < text.length() && Character.isDigit(text.charAt(end))) {
        end++;
      }
      return end > at && end < text.length() && text.charAt(end) == ' ' ? end + 1 : -1;
    }

    /** After the bare name of a function. */
    private int word(int at) {
      int space = text.indexOf(' ', at);
      return space < 0 ? text.length() : space + 1;
    }

    /** After the signature of a function and a condition; the same place when there is none. */
    private int signature(int at) {
      int i = text.indexOf('(', at);
      while (i >= 0) {
        int end = qualified(closed(i, '(', ')'));
        if (text.startsWith("::<lambda(", end)) {
          end = qualified(closed(end + "::<lambda".length(), '(', ')') + 1);
        }
        if (end >= text.length()) {
          return text.length();
        }
        if (text.charAt(end) == ' ') {
          return condition(end + 1);
        }
        i = text.indexOf('(', end);
      }
      return at;
    }

    /** After the words that may follow the parameters. */
    private int qualified(int at) {
      int end = Math.min(at, text.length());
      for (String qualifier : QUALIFIERS) {
        if (text.startsWith(qualifier, end)) {
          end += qualifier.length();
        }
      }
      return text.startsWith(" [with ", end) ? closed(end + 1, '[', ']') : end;
    }

    /** After the bracket that closes the one at a place; the end when there is none. */
    private int closed(int at, char open, char close) {
      int depth = 0;
      for (int i = at; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == open) {
          depth++;
        } else if (c == close && --depth == 0) {
          return i + 1;
        }
      }
      return text.length();
    }

    private int condition(int at) {
      int end = text.indexOf(FALSE, at);
      return end >= 0 && end - at <= MAX_CONDITION && end + FALSE.length() < text.length()
          ? end + FALSE.length()
          : at;
    }
  }
}
