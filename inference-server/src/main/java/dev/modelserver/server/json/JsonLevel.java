package dev.modelserver.server.json;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open list or object of a JSON text, used again for the next one of the same depth. The names
 * of an object are kept for that one: rows of a table have the same names in the same order, which
 * then cost neither memory nor a search for duplicates.
 */
final class JsonLevel {

  /** Names are compared one by one up to here, and looked up in a set beyond. */
  private static final int FEW_NAMES = 8;

  private static final String[] NO_NAMES = {};
  private static final int[] NO_SPANS = {};

  private boolean object;
  private int count;
  private String[] names = NO_NAMES;

  /** Where each name begins and ends in the text. */
  private int[] spans = NO_SPANS;

  private int known;
  private boolean repeating;
  private @Nullable Set<String> distinct;

  void open(boolean anObject) {
    object = anObject;
    count = 0;
    repeating = true;
    distinct = null;
  }

  boolean isObject() {
    return object;
  }

  /** Values begun. */
  int count() {
    return count;
  }

  /** Another value of a list begins. */
  void countValue() {
    count++;
  }

  /** Adds values that have been read. */
  void countValues(int more) {
    count += more;
  }

  /** Where in the list or object the current value is, for an error. */
  void appendTo(StringBuilder path) {
    if (object) {
      path.append(path.isEmpty() ? "" : ".").append(count == 0 ? "" : names[count - 1]);
    } else {
      path.append('[').append(Math.max(0, count - 1)).append(']');
    }
  }

  /**
   * The next name, when the previous object had the same one at the same place.
   *
   * @param start where it is in the text, without its quotes
   */
  @Nullable String repeated(byte[] bytes, int start, int end) {
    if (repeating
        && count < known
        && Arrays.equals(bytes, start, end, bytes, spans[2 * count], spans[2 * count + 1])) {
      return names[count++];
    }
    repeating = false;
    return null;
  }

  /**
   * Adds a name that is not {@link #repeated}.
   *
   * @return false, and nothing is added, when the object has it already
   */
  boolean add(String name, int start, int end) {
    if (contains(name)) {
      return false;
    }
    if (count == names.length) {
      // most objects of a small request have one name
      int capacity = Math.max(1, 2 * count);
      names = Arrays.copyOf(names, capacity);
      spans = Arrays.copyOf(spans, 2 * capacity);
    }
    names[count] = name;
    spans[2 * count] = start;
    spans[2 * count + 1] = end;
    known = ++count;
    return true;
  }

  private boolean contains(String name) {
    if (count < FEW_NAMES) {
      for (int i = 0; i < count; i++) {
        if (names[i].equals(name)) {
          return true;
        }
      }
      return false;
    }
    Set<String> all = distinct;
    if (all == null) {
      all = new HashSet<>(Arrays.asList(names).subList(0, count));
      distinct = all;
    }
    return !all.add(name);
  }
}
