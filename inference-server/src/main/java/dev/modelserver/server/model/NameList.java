package dev.modelserver.server.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a list of names as people write it into a model's metadata: JSON, a literal of Python or
 * NumPy, one name per line, or names with commas between. It is read whole or not at all, so that
 * no part of a literal becomes a name.
 */
final class NameList {

  // What stands at the end is any character: an attempt that fails there would be made again for
  // each of the blanks before.
  private static final Pattern NUMBERED =
      Pattern.compile("(\\d{1,9})\\s*[:=\\t](\\s*)(.+)", Pattern.DOTALL);
  private static final Pattern BULLET = Pattern.compile("[-*•]\\s+(.+)", Pattern.DOTALL);
  private static final Set<String> NOTHING = Set.of("None", "null", "nan", "NaN");
  private static final String QUOTES = "\"'`";
  private static final String OPENING = "[{(";
  private static final String CLOSING = "]})";

  private NameList() {}

  /** The text is no list of names; the message says why, without a subject. */
  static final class FormatException extends Exception {
    FormatException(String message) {
      super(message, null, false, false);
    }
  }

  /** The names by index; none in a blank text. */
  static List<String> parse(String text) throws FormatException {
    String trimmed = text.replace("\ufeff", "").strip();
    if (trimmed.isEmpty()) {
      return List.of();
    }
    if (NOTHING.contains(trimmed)) {
      return reject("is " + trimmed);
    }
    return Literal.begins(trimmed) ? literal(trimmed) : plain(trimmed);
  }

  /** The names of an object from indexes to names; no other form is taken. */
  static List<String> parseByIndex(String text) throws FormatException {
    return Literal.parse(text.strip()) instanceof Literal.Mapping mapping
        ? byIndex(mapping)
        : reject("is not an object of indexes and names");
  }

  private static List<String> literal(String text) throws FormatException {
    return switch (Literal.parse(text)) {
      case Literal.Sequence sequence -> texts(sequence.items());
      case Literal.Mapping mapping -> byIndex(mapping);
      // JSON within a JSON string, or a single name in quotes
      case Literal.Scalar(String value, boolean quoted) ->
          quoted ? parse(value) : reject("is a single value");
    };
  }

  private static List<String> texts(List<Literal> items) throws FormatException {
    List<String> texts = new ArrayList<>();
    for (Literal item : items) {
      if (!(item instanceof Literal.Scalar scalar)) {
        return reject("holds a list where a name is expected");
      }
      texts.add(scalar.value());
    }
    return texts;
  }

  /** Either side of an object may be the indexes. */
  private static List<String> byIndex(Literal.Mapping mapping) throws FormatException {
    List<String> keys = texts(mapping.keys());
    List<String> values = texts(mapping.values());
    Optional<List<String>> names = ordered(keys, values).or(() -> ordered(values, keys));
    return names.isPresent()
        ? names.get()
        : reject(
            "is an object in which neither the keys nor the values are the indexes 0 to "
                + (keys.size() - 1));
  }

  /** The names in the order of their indexes; empty where those are not 0, 1, 2 and so on. */
  private static Optional<List<String>> ordered(List<String> indexes, List<String> names) {
    String[] ordered = new String[names.size()];
    for (int i = 0; i < names.size(); i++) {
      String index = indexes.get(i);
      if (!index.matches("\\d{1,9}")) {
        return Optional.empty();
      }
      int position = Integer.parseInt(index);
      if (position >= ordered.length || ordered[position] != null) {
        return Optional.empty();
      }
      ordered[position] = names.get(i);
    }
    return Optional.of(List.of(ordered));
  }

  private static List<String> plain(String text) throws FormatException {
    List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    boolean commasAtEnds =
        lines.subList(0, lines.size() - 1).stream().allMatch(line -> line.endsWith(","));
    List<String> names =
        lines.size() > 1 && !commasAtEnds
            ? unmarked(lines)
            : unmarked(
                Arrays.stream(withoutLastComma(String.join(" ", lines)).split(",", -1))
                    .map(String::strip)
                    .toList());
    for (int i = 0; i < names.size(); i++) {
      check(names.get(i), i);
    }
    return names;
  }

  private static String withoutLastComma(String text) {
    return text.endsWith(",") ? text.substring(0, text.length() - 1) : text;
  }

  /** The entries without the indexes or bullets that stand before all of them, as YAML has them. */
  private static List<String> unmarked(List<String> entries) throws FormatException {
    List<Matcher> numbered = entries.stream().map(NUMBERED::matcher).toList();
    if (numbered.stream().allMatch(Matcher::matches)) {
      Optional<List<String>> names =
          ordered(
              numbered.stream().map(entry -> entry.group(1)).toList(),
              numbered.stream().map(entry -> unquoted(entry.group(3))).toList());
      if (names.isPresent()) {
        return names.get();
      }
      // without blanks it may be a ratio or a time
      if (numbered.stream().noneMatch(entry -> entry.group(2).isEmpty())) {
        return reject("has other indexes than 0 to " + (entries.size() - 1));
      }
    }
    List<Matcher> bullets = entries.stream().map(BULLET::matcher).toList();
    return bullets.stream().allMatch(Matcher::matches)
        ? bullets.stream().map(entry -> unquoted(entry.group(1))).toList()
        : entries;
  }

  private static String unquoted(String text) {
    char first = text.charAt(0);
    boolean quoted =
        text.length() >= 2
            && (first == '"' || first == '\'')
            && text.charAt(text.length() - 1) == first
            && text.indexOf(first, 1) == text.length() - 1;
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  /** Refuses what is a part of a literal rather than a name. */
  private static void check(String name, int index) throws FormatException {
    if (name.isEmpty()) {
      throw new FormatException("has an empty name at index " + index);
    }
    long opened = name.chars().filter(c -> OPENING.indexOf(c) >= 0).count();
    long closed = name.chars().filter(c -> CLOSING.indexOf(c) >= 0).count();
    long doubleQuotes = name.chars().filter(c -> c == '"').count();
    if (opened != closed || doubleQuotes % 2 != 0 || QUOTES.indexOf(name.charAt(0)) >= 0) {
      throw new FormatException(
          "is neither a list of names nor a literal of one, by the entry at index " + index);
    }
  }

  private static List<String> reject(String why) throws FormatException {
    throw new FormatException(why);
  }
}
