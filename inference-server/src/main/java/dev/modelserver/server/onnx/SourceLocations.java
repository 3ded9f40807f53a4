package dev.modelserver.server.onnx;

import java.util.BitSet;

/**
 * Takes places in C++ sources out of a text: the file with its line, the function, and a condition
 * that was false where a sentence follows it. Looks at each character a few times, whatever the
 * text is: names of nodes are in it, which the maker of a model chooses.
 *
 * <p>There are two forms: {@code /path/to/file.cc:12 virtual Status ns::Type<T>::compute(int) const
 * [with T = float] a == b was false. The sentence} and {@code file.cc:12 compute The sentence}.
 */
final class SourceLocations {

  private static final String[] SUFFIXES = {".cc", ".h", ".cpp", ".hpp", ".inc"};
  private static final String[] QUALIFIERS = {" const", " noexcept", " volatile", " &&", " &"};
  private static final String LAMBDA = "::<lambda";
  private static final String FALSE = " was false. ";
  private static final int MAX_CONDITION = 300;

  private final String text;
  private final Brackets round;
  private final Brackets square;
  private final Occurrences blanks;
  private final Occurrences conditions;

  /** Opening brackets of which it is known that no signature ends behind them. */
  private final BitSet futile = new BitSet();

  private final StringBuilder kept = new StringBuilder();

  private SourceLocations(String text) {
    this.text = text;
    this.round = new Brackets(text, '(', ')');
    this.square = new Brackets(text, '[', ']');
    this.blanks = new Occurrences(text, " ");
    this.conditions = new Occurrences(text, FALSE);
  }

  /** The text without them. */
  static String removed(String text) {
    return new SourceLocations(text).removed();
  }

  private String removed() {
    int from = 0;
    int word = 0;
    int slash = -1;
    int seen = 0;
    for (int colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
      for (; seen < colon; seen++) {
        word = Character.isWhitespace(text.charAt(seen)) ? seen + 1 : word;
        slash = text.charAt(seen) == '/' ? seen : slash;
      }
      int end = isSource(colon, from) ? line(colon + 1) : -1;
      if (end >= 0) {
        int start = Math.max(word, from);
        kept.append(text, from, start);
        from = slash >= start ? signature(end) : blanks.after(end, text.length());
        colon = Math.max(colon, from - 1);
      }
    }
    return kept.append(text, from, text.length()).toString();
  }

  /** Whether the name of a source file ends before a colon. */
  private boolean isSource(int colon, int from) {
    for (String suffix : SUFFIXES) {
      if (text.startsWith(suffix, colon - suffix.length()) && colon - suffix.length() > from) {
        return true;
      }
    }
    return false;
  }

  /** After a number and a space; -1 when there is no such thing. */
  private int line(int at) {
    int end = at;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    return end > at && end < text.length() && text.charAt(end) == ' ' ? end + 1 : -1;
  }

  /** After the signature of a function and a condition; the same place when there is none. */
  private int signature(int at) {
    for (int i = round.next(at); i >= 0 && !futile.get(i); ) {
      // Behind a signature that is found nothing before it is asked for again.
      futile.set(i);
      int end = qualified(round.close(i));
      if (text.startsWith(LAMBDA + "(", end)) {
        end = qualified(round.close(end + LAMBDA.length()) + 1);
      }
      if (end >= text.length()) {
        return text.length();
      }
      if (text.charAt(end) == ' ') {
        return condition(end + 1);
      }
      i = round.next(end);
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
    return text.startsWith(" [with ", end) ? square.close(end + 1) : end;
  }

  private int condition(int at) {
    int end = conditions.next(at);
    return end >= 0 && end - at <= MAX_CONDITION && end + FALSE.length() < text.length()
        ? end + FALSE.length()
        : at;
  }
}
