package dev.modelserver.server.json;

import dev.modelserver.server.failure.Excerpt;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.tensor.NumberReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON in UTF-8 value by value, with limits on what a caller may send: no duplicate names,
 * bounded depth, numbers, names and strings. NaN, Infinity and -Infinity, which Python writes, are
 * values of a kind of their own.
 *
 * <pre>
 * json.beginObject();
 * for (String name = json.nextName(); name != null; name = json.nextName()) {
 *   … one value is read or skipped
 * }
 * json.end();
 * </pre>
 *
 * <p>Every error says where it is and what is needed there. Not for use by several threads; after
 * an error nothing more may be read.
 */
public final class JsonReader {

  /** Lists and objects in each other: deeper than any request of a known form. */
  public static final int MAX_DEPTH = 10;

  /** Characters of a name. */
  static final int MAX_NAME = 1000;

  /** Names in one object. */
  static final int MAX_NAMES = 1 << 16;

  /** Characters of a string that is read, not skipped. */
  static final int MAX_STRING = 1 << 20;

  /** What a value is, by its first byte. */
  public enum Kind {
    OBJECT,
    LIST,
    STRING,
    NUMBER,
    BOOLEAN,
    NULL,
    /** NaN, Infinity or -Infinity. */
    NON_FINITE
  }

  final byte[] bytes;
  final int start;
  final int end;
  final NumberReader numbers;
  private final JsonStrings strings;
  private final @Nullable JsonLevel[] levels;
  private final String outside;
  private int depth;
  private int value;
  int position;

  /** A reader of the first {@code length} bytes, at most {@link #MAX_DEPTH} levels deep. */
  public JsonReader(byte[] bytes, int length) {
    this(bytes, 0, length, MAX_DEPTH);
  }

  /**
   * A reader of the bytes from {@code start} to before {@code end}.
   *
   * @param maxDepth lists and objects in each other
   */
  public JsonReader(byte[] bytes, int start, int end, int maxDepth) {
    this.bytes = bytes;
    this.start = start;
    this.position = start + (beginsWithMark(bytes, start, end) ? 3 : 0);
    this.value = start;
    this.end = end;
    this.numbers = new NumberReader(bytes, start, end);
    this.strings = new JsonStrings(this);
    this.levels = new JsonLevel[maxDepth];
    this.outside = "";
  }

  private JsonReader(JsonReader outer) {
    this.bytes = outer.bytes;
    this.start = outer.start;
    this.position = outer.position;
    this.value = outer.position;
    this.end = outer.end;
    this.numbers = new NumberReader(bytes, position, end);
    this.strings = new JsonStrings(this);
    this.levels = new JsonLevel[outer.levels.length - outer.depth];
    this.outside = outer.path();
  }

  /** The kind of the next value, which is not read. */
  public Kind peek() throws RequestException {
    int p = skipSpace();
    value = p;
    if (p >= end) {
      throw JsonFaults.ended();
    }
    return switch (bytes[p]) {
      case '{' -> Kind.OBJECT;
      case '[' -> Kind.LIST;
      case '"' -> Kind.STRING;
      case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Kind.NUMBER;
      case '-' -> p + 1 < end && bytes[p + 1] == 'I' ? Kind.NON_FINITE : Kind.NUMBER;
      case 't', 'f' -> Kind.BOOLEAN;
      case 'n' -> Kind.NULL;
      case 'N', 'I' -> Kind.NON_FINITE;
      default -> throw invalid(p);
    };
  }

  /** The kind of the first element of the list that is the next value; null: the list is empty. */
  public @Nullable Kind peekFirst() throws RequestException {
    if (peek() != Kind.LIST) {
      throw wrong("a list");
    }
    int list = position++;
    Kind first = skipSpace() < end && bytes[position] == ']' ? null : peek();
    position = list;
    value = list;
    return first;
  }

  /** Bytes of the whole text. */
  public int length() {
    return end - start;
  }

  /** Reads over the beginning of an object. */
  public void beginObject() throws RequestException {
    begin(Kind.OBJECT, "an object");
  }

  /** Reads over the beginning of a list. */
  public void beginList() throws RequestException {
    begin(Kind.LIST, "a list");
  }

  private void begin(Kind kind, String needed) throws RequestException {
    if (peek() != kind) {
      throw wrong(needed);
    }
    if (depth == levels.length) {
      throw JsonFaults.tooDeep(levels.length);
    }
    JsonLevel level = levels[depth];
    if (level == null) {
      level = new JsonLevel();
      levels[depth] = level;
    }
    level.open(kind == Kind.OBJECT);
    depth++;
    position++;
  }

  /** Reads the next name of the object and its colon; null: the object has ended. */
  public @Nullable String nextName() throws RequestException {
    JsonLevel level = level();
    if (!next(level, '}')) {
      return null;
    }
    int quote = skipSpace();
    if (quote >= end) {
      throw JsonFaults.ended();
    }
    if (bytes[quote] != '"') {
      throw invalid(quote);
    }
    int from = quote + 1;
    int to = strings.skip(from);
    String name = level.repeated(bytes, from, to);
    if (name == null) {
      name = strings.text(from, to);
      if (name.length() > MAX_NAME) {
        throw JsonFaults.tooLong(this, quote);
      }
      if (level.count() == MAX_NAMES) {
        throw JsonFaults.tooManyNames(MAX_NAMES);
      }
      if (!level.add(name, from, to)) {
        throw JsonFaults.duplicate(name);
      }
    }
    position = to + 1;
    int colon = skipSpace();
    if (colon >= end) {
      throw JsonFaults.ended();
    }
    if (bytes[colon] != ':') {
      throw invalid(colon);
    }
    position = colon + 1;
    return name;
  }

  /** Whether the list has another value, which is then to be read; otherwise the list has ended. */
  public boolean nextElement() throws RequestException {
    JsonLevel level = level();
    if (!next(level, ']')) {
      return false;
    }
    level.countValue();
    return true;
  }

  /** Reads over a comma, if one is due, or the end of the list or object. */
  private boolean next(JsonLevel level, char close) throws RequestException {
    int p = skipSpace();
    if (p >= end) {
      throw JsonFaults.ended();
    }
    if (bytes[p] == close) {
      position = p + 1;
      depth--;
      return false;
    }
    if (level.count() > 0) {
      if (bytes[p] != ',') {
        throw invalid(p);
      }
      position = p + 1;
    }
    return true;
  }

  /** Reads a string. */
  public String string() throws RequestException {
    if (peek() != Kind.STRING) {
      throw wrong("a string");
    }
    int from = position + 1;
    int to = strings.skip(from);
    String text = strings.text(from, to);
    if (text.length() > MAX_STRING) {
      throw JsonFaults.tooLong(this, from - 1);
    }
    position = to + 1;
    return text;
  }

  /** Reads a string of any length as bytes in Base64. */
  public byte[] base64() throws RequestException {
    if (peek() != Kind.STRING) {
      throw wrong("a string in Base64");
    }
    int from = position + 1;
    int to = strings.skip(from);
    byte[] text = strings.withoutEscapedSlashes(from, to);
    position = to + 1;
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw RequestException.malformed("%s is not valid Base64; correct it".formatted(path()));
    }
  }

  /** Reads true or false. */
  public boolean bool() throws RequestException {
    if (peek() != Kind.BOOLEAN) {
      throw wrong("true or false");
    }
    boolean read = bytes[position] == 't';
    word(read ? "true" : "false");
    return read;
  }

  /** Reads over null, if it is the next value. */
  public boolean takeNull() throws RequestException {
    if (peek() != Kind.NULL) {
      return false;
    }
    word("null");
    return true;
  }

  /** Reads a number; it is the reader's until the next one is read. */
  public NumberReader number() throws RequestException {
    if (peek() != Kind.NUMBER) {
      throw wrong("a number");
    }
    readNumber();
    return numbers;
  }

  /** Reads the number that begins at the position. */
  void readNumber() throws RequestException {
    numbers.position(position);
    if (!numbers.next()) {
      throw JsonFaults.noNumber(this, position);
    }
    position = numbers.position();
  }

  /** Reads NaN or an infinity. */
  public double nonFinite() throws RequestException {
    if (peek() != Kind.NON_FINITE) {
      throw wrong("NaN, Infinity or -Infinity");
    }
    return switch (bytes[position]) {
      case 'N' -> word("NaN", Double.NaN);
      case 'I' -> word("Infinity", Double.POSITIVE_INFINITY);
      default -> word("-Infinity", Double.NEGATIVE_INFINITY);
    };
  }

  /**
   * Reads an integer from 0 on, written without a fraction or an exponent.
   *
   * @param what it is, for an error
   */
  public long natural(long max, String what) throws RequestException {
    if (peek() == Kind.NUMBER) {
      readNumber();
      if (numbers.isInteger() && numbers.isWhole()) {
        long number = numbers.magnitude();
        if (number >= 0 && number <= max && (number == 0 || !numbers.isNegative())) {
          return number;
        }
      }
    }
    throw wrong(what + " from 0 to " + max);
  }

  /** Reads over a value of any kind, with everything in it. */
  public void skip() throws RequestException {
    switch (peek()) {
      case OBJECT -> {
        beginObject();
        while (nextName() != null) {
          skip();
        }
      }
      case LIST -> {
        beginList();
        while (nextElement()) {
          skip();
        }
      }
      case STRING -> position = strings.skip(position + 1) + 1;
      case NUMBER -> readNumber();
      case BOOLEAN -> bool();
      case NULL -> word("null");
      case NON_FINITE -> nonFinite();
    }
  }

  /**
   * Reads over a value that can be read only when more is known.
   *
   * @return a reader of that value alone, which names the same places
   */
  public JsonReader later() throws RequestException {
    JsonReader later = new JsonReader(this);
    skip();
    return later;
  }

  /** Whether the next byte that is no space is this one; it is not read. */
  public boolean sees(char first) {
    int p = skipSpace();
    return p < end && bytes[p] == first;
  }

  /** Bytes that are not read yet. */
  public int remaining() {
    return end - position;
  }

  /** Whether nothing follows the value but space. */
  public boolean atEnd() {
    return skipSpace() >= end;
  }

  /** Where the current value is: {@code inputs[0].data[3]}; "the body" outside of everything. */
  public String path() {
    StringBuilder path = new StringBuilder(outside);
    for (int i = 0; i < depth; i++) {
      JsonLevel level = levels[i];
      if (level != null) {
        level.appendTo(path);
      }
    }
    return path.isEmpty() ? "the body" : path.toString();
  }

  /** The value that was looked at or read last, in the words of an error. */
  public String shown() throws RequestException {
    position = value;
    return switch (peek()) {
      case OBJECT -> "an object";
      case LIST -> "a list";
      case STRING -> Excerpt.quoted(string());
      case NUMBER, BOOLEAN, NULL, NON_FINITE -> {
        skip();
        yield Excerpt.of(new String(bytes, value, position - value, StandardCharsets.ISO_8859_1));
      }
    };
  }

  /**
   * Refuses the value that was looked at or read last: "inputs[0].name is 5; a string is needed".
   */
  public RequestException wrong(String needed) throws RequestException {
    String path = path();
    return RequestException.malformed("%s is %s; %s is needed".formatted(path, shown(), needed));
  }

  /** The list or object that is being read. */
  JsonLevel level() {
    JsonLevel level = depth == 0 ? null : levels[depth - 1];
    if (level == null) {
      throw new IllegalStateException("neither a list nor an object is open");
    }
    return level;
  }

  /** Moves to the next byte that is not space, or to the end. */
  int skipSpace() {
    int p = position;
    while (p < end && isSpace(bytes[p])) {
      p++;
    }
    position = p;
    return p;
  }

  /** The byte order mark, which means nothing in UTF-8 and which some programs write. */
  private static boolean beginsWithMark(byte[] bytes, int start, int end) {
    return end - start >= 3
        && bytes[start] == (byte) 0xEF
        && bytes[start + 1] == (byte) 0xBB
        && bytes[start + 2] == (byte) 0xBF;
  }

  static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private double word(String word, double meaning) throws RequestException {
    word(word);
    return meaning;
  }

  private void word(String word) throws RequestException {
    for (int i = 0; i < word.length(); i++) {
      if (position + i >= end) {
        throw JsonFaults.ended();
      }
      if (bytes[position + i] != word.charAt(i)) {
        throw invalid(position + i);
      }
    }
    position += word.length();
  }

  private RequestException invalid(int where) {
    return JsonFaults.invalid(this, where);
  }
}
