package dev.modelserver.server.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** JSON texts of every form, most of them right. */
final class JsonTexts {

  /** What a text may hold. */
  static final List<String> FORMS =
      List.of(
          "object",
          "list",
          "escape",
          "surrogate pair",
          "half pair",
          "beyond the BMP",
          "beyond ASCII",
          "long number",
          "too long number",
          "non-finite",
          "rows with the same names",
          "duplicate name",
          "many names",
          "deep");

  private static final String[] SPACE = {"", "", "", " ", "\n", "\r\n", "\t ", "\r"};
  private static final String[] ESCAPES = {
    "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\u00e9", "\\u20AC"
  };

  private final Random random;
  private final Set<String> seen = new TreeSet<>();

  JsonTexts(Random random) {
    this.random = random;
  }

  /** The forms of the text that was made. */
  Set<String> seen() {
    return seen;
  }

  byte[] any() {
    StringBuilder text = new StringBuilder();
    space(text);
    if (random.nextInt(12) == 0) {
      seen.add("deep");
      int depth = 1 + random.nextInt(13);
      text.append("[".repeat(depth)).append("]".repeat(depth));
    } else {
      value(text, 1 + random.nextInt(4));
    }
    space(text);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void value(StringBuilder text, int depth) {
    switch (depth == 0 ? 4 + random.nextInt(8) : random.nextInt(12)) {
      case 0, 1 -> object(text, depth);
      case 2 -> list(text, depth);
      case 3 -> rows(text, depth);
      case 4, 5 -> string(text);
      case 6, 7, 8 -> number(text);
      case 9 -> text.append(random.nextBoolean());
      case 10 -> text.append("null");
      default -> {
        if (random.nextInt(3) == 0) {
          seen.add("non-finite");
          text.append(List.of("NaN", "Infinity", "-Infinity").get(random.nextInt(3)));
        } else {
          number(text);
        }
      }
    }
  }

  private void object(StringBuilder text, int depth) {
    seen.add("object");
    int count = random.nextInt(6);
    if (random.nextInt(8) == 0) {
      seen.add("many names");
      count = 7 + random.nextInt(20);
    }
    text.append('{');
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",");
      space(text);
      if (i > 0 && random.nextInt(60) == 0) {
        seen.add("duplicate name");
        name(text, String.valueOf(random.nextInt(i)));
      } else {
        name(text, String.valueOf(i));
      }
      space(text);
      text.append(':');
      space(text);
      value(text, depth - 1);
      space(text);
    }
    text.append('}');
  }

  /** One of a few ways to write the same name. */
  private void name(StringBuilder text, String name) {
    switch (random.nextInt(6)) {
      case 0 -> text.append("\"\\u003").append(name.charAt(0)).append(name, 1, name.length());
      case 1 -> {
        seen.add("beyond the BMP");
        text.append("\"😀").append(name);
      }
      case 2 -> {
        seen.add("surrogate pair");
        text.append("\"\\ud83D\\uDe00").append(name);
      }
      default -> text.append('"').append(name);
    }
    text.append('"');
  }

  private void list(StringBuilder text, int depth) {
    seen.add("list");
    int count = random.nextInt(6);
    text.append('[');
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",");
      space(text);
      value(text, depth - 1);
      space(text);
    }
    text.append(']');
  }

  /** Objects with mostly the same names in the same order. */
  private void rows(StringBuilder text, int depth) {
    seen.add("rows with the same names");
    int columns = 1 + random.nextInt(14);
    text.append('[');
    for (int row = 0; row < 3; row++) {
      text.append(row == 0 ? "{" : ",{");
      int shift = random.nextInt(6) == 0 ? random.nextInt(columns) : 0;
      int fewer = random.nextInt(6) == 0 ? random.nextInt(columns) : 0;
      for (int i = fewer; i < columns; i++) {
        text.append(i == fewer ? "\"" : ",\"").append((i + shift) % columns).append("\":");
        value(text, Math.min(1, depth - 1));
      }
      text.append('}');
    }
    text.append(']');
  }

  private void string(StringBuilder text) {
    text.append('"');
    int length = random.nextInt(8);
    for (int i = 0; i < length; i++) {
      switch (random.nextInt(9)) {
        case 0 -> {
          seen.add("escape");
          text.append(ESCAPES[random.nextInt(ESCAPES.length)]);
        }
        case 1 -> {
          seen.add("surrogate pair");
          text.append("\\uD83d\\ude42");
        }
        case 2 -> {
          seen.add("beyond ASCII");
          text.append(random.nextBoolean() ? "é" : "€");
        }
        case 3 -> {
          seen.add("beyond the BMP");
          text.appendCodePoint(0x10000 + random.nextInt(0x10FFFF - 0x10000));
        }
        case 4 -> {
          if (random.nextInt(20) == 0) {
            seen.add("half pair");
            text.append(random.nextBoolean() ? "\\ud83d" : "\\ude42");
          }
        }
        default -> text.append((char) (0x23 + random.nextInt(0x38)));
      }
    }
    text.append('"');
  }

  private void number(StringBuilder text) {
    text.append(random.nextInt(3) == 0 ? "-" : "");
    int digits = 1 + random.nextInt(4);
    if (random.nextInt(10) == 0) {
      seen.add("long number");
      digits = 15 + random.nextInt(60);
    } else if (random.nextInt(200) == 0) {
      seen.add("too long number");
      digits = 120;
    }
    text.append(1 + random.nextInt(9));
    digits(text, digits - 1);
    if (random.nextBoolean()) {
      text.append('.');
      digits(text, 1 + random.nextInt(random.nextInt(8) == 0 ? 20 : 9));
    }
    if (random.nextInt(4) == 0) {
      text.append(random.nextBoolean() ? 'e' : 'E')
          .append(List.of("", "+", "-").get(random.nextInt(3)));
      digits(text, 1 + random.nextInt(3));
    }
  }

  private void digits(StringBuilder text, int count) {
    for (int i = 0; i < count; i++) {
      text.append(random.nextInt(10));
    }
  }

  private void space(StringBuilder text) {
    text.append(SPACE[random.nextInt(SPACE.length)]);
  }
}
