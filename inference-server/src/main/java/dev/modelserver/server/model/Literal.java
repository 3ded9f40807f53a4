package dev.modelserver.server.model;

import dev.modelserver.server.model.NameList.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A list, an object or a single value as JSON, Python and NumPy write it: {@code ["a"]}, {@code
 * ('a', 'b')}, {@code {0: 'a'}}, {@code ['a' 'b']}, {@code [np.str_('a')]}, {@code array(['a'],
 * dtype='<U1')}.
 */
sealed interface Literal {

  /** A bracket or a quote, or a call or a prefix before one. */
  Pattern START = Pattern.compile("[\\[{(\"']|[uUbBrR][\"']|[\\w.]+\\(\\s*[\\[{(\"']");

  /** Values in an order. */
  record Sequence(List<Literal> items) implements Literal {}

  /** Keys and their values, index by index. */
  record Mapping(List<Literal> keys, List<Literal> values) implements Literal {}

  /** A text without its quotes, or a number or another word as it stands. */
  record Scalar(String value, boolean quoted) implements Literal {}

  /** Whether a text is to be read as a literal, and not as names without quotes. */
  static boolean begins(String text) {
    return START.matcher(text).lookingAt();
  }

  /** Reads a whole text; several values with commas between are a sequence. */
  static Literal parse(String text) throws FormatException {
    return new Parser(text).whole();
  }

  /** Reads a text from left to right. */
  final class Parser {
    private static final int MAX_DEPTH = 8;

    private final String text;
    private int at;
    private int depth;

    private Parser(String text) {
      this.text = text;
    }

    private Literal whole() throws FormatException {
      List<Literal> items = items('\0');
      if (at <= text.length()) {
        throw broken();
      }
      return items.size() == 1 ? items.getFirst() : new Sequence(items);
    }

    private Literal value() throws FormatException {
      if (++depth > MAX_DEPTH) {
        throw new FormatException("has more than " + MAX_DEPTH + " levels of brackets");
      }
      char first = peek();
      Literal value =
          switch (first) {
            case '[' -> new Sequence(items(take(']')));
            case '(' -> new Sequence(items(take(')')));
            case '{' -> mapping();
            case '"', '\'' -> new Scalar(string(false), true);
            default -> word();
          };
      depth--;
      return value;
    }

    /** Steps over an opening bracket; returns the closing one. */
    private char take(char closing) {
      at++;
      return closing;
    }

    /** Values up to the closing bracket, with commas between, or with blanks as NumPy has them. */
    private List<Literal> items(char closing) throws FormatException {
      List<Literal> items = new ArrayList<>();
      int commas = 0;
      int blanks = 0;
      while (peek() != closing) {
        items.add(value());
        if (peek() == ',') {
          at++;
          commas++;
        } else if (peek() != closing) {
          blanks++;
        }
      }
      boolean array = closing == ']' && commas == 0 && items.stream().allMatch(Parser::isArrayItem);
      if (blanks > 0 && !array) {
        throw broken();
      }
      at++;
      return items;
    }

    /** NumPy puts quotes round texts, so a word with letters is a part of something else. */
    private static boolean isArrayItem(Literal item) {
      return item instanceof Scalar(String value, boolean quoted)
          && (quoted || value.matches("[-+.\\d]+"));
    }

    private Literal mapping() throws FormatException {
      at++;
      List<Literal> keys = new ArrayList<>();
      List<Literal> values = new ArrayList<>();
      while (peek() != '}') {
        keys.add(value());
        if (peek() != ':') {
          throw peek() == ',' || peek() == '}'
              ? new FormatException("is a set, which has no order")
              : broken();
        }
        at++;
        values.add(value());
        if (peek() == ',') {
          at++;
        } else if (peek() != '}') {
          throw broken();
        }
      }
      at++;
      return new Mapping(keys, values);
    }

    /** A number, a constant, a string with a prefix, or a call, which stands for its argument. */
    private Literal word() throws FormatException {
      int from = at;
      while (at < text.length() && isWord(text.charAt(at))) {
        at++;
      }
      String word = text.substring(from, at);
      if (word.isEmpty() || word.contains("..")) {
        throw broken();
      }
      char next = at < text.length() ? text.charAt(at) : '\0';
      if ((next == '"' || next == '\'') && word.matches("[uUbBrR]")) {
        String value = string(word.equalsIgnoreCase("r"));
        if (word.equalsIgnoreCase("b") && value.chars().anyMatch(c -> c > 0x7f)) {
          throw new FormatException("holds bytes that are no text");
        }
        return new Scalar(value, true);
      }
      if (next == '(' && Character.isLetter(word.charAt(0))) {
        at++;
        Literal argument = value();
        skipOtherArguments();
        return argument;
      }
      if (word.equals("null") || word.equals("None")) {
        throw new FormatException("holds the value " + word);
      }
      return new Scalar(word, false);
    }

    private static boolean isWord(char c) {
      return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '+' || c == '-';
    }

    /** As in {@code dtype='<U10')}. */
    private void skipOtherArguments() throws FormatException {
      while (peek() == ',') {
        at++;
        if (peek() == ')') {
          break;
        }
        var _ = value();
        if (peek() == '=') {
          at++;
          var _ = value();
        }
      }
      if (peek() != ')') {
        throw broken();
      }
      at++;
    }

    private String string(boolean raw) throws FormatException {
      char quote = text.charAt(at++);
      StringBuilder value = new StringBuilder();
      while (at < text.length() && text.charAt(at) != quote) {
        char c = text.charAt(at++);
        if (c != '\\' || raw) {
          value.append(c);
        } else if (at < text.length()) {
          escape(text.charAt(at++), value);
        }
      }
      if (at == text.length()) {
        throw new FormatException("has a quote that is never closed");
      }
      at++;
      if (value
          .codePoints()
          .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
        throw new FormatException("holds half of a surrogate pair");
      }
      return value.toString();
    }

    private void escape(char c, StringBuilder value) throws FormatException {
      switch (c) {
        case 'n' -> value.append('\n');
        case 't' -> value.append('\t');
        case 'r' -> value.append('\r');
        case 'b' -> value.append('\b');
        case 'f' -> value.append('\f');
        case '"', '\'', '\\', '/' -> value.append(c);
        case 'x' -> value.appendCodePoint(hexadecimal(2));
        case 'u' -> value.append((char) hexadecimal(4));
        case 'U' -> value.appendCodePoint(hexadecimal(8));
        default -> throw new FormatException("has the unknown escape \\" + c);
      }
    }

    private int hexadecimal(int digits) throws FormatException {
      if (at + digits > text.length()) {
        throw broken();
      }
      try {
        int value = Integer.parseUnsignedInt(text, at, at + digits, 16);
        at += digits;
        if (!Character.isValidCodePoint(value)) {
          throw broken();
        }
        return value;
      } catch (NumberFormatException e) {
        throw broken();
      }
    }

    /** The next character that is no blank, which is not taken; 0 at the end. */
    private char peek() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return at < text.length() ? text.charAt(at) : '\0';
    }

    private FormatException broken() {
      return new FormatException("cannot be read from character " + (at + 1) + " on");
    }
  }
}
