package dev.modelserver.server.graph.ranges;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which values one column of an input takes, as far as the graph tells.
 *
 * @param least of whole numbers, as of indices into a table
 * @param most of whole numbers; less than {@code least}: the graph names no such range
 * @param keys categories that are whole numbers
 * @param words categories that are texts
 * @param points numbers at which something changes, such as thresholds
 */
public record ColumnRange(
    long least, long most, List<Long> keys, List<String> words, List<Double> points) {

  /** More than these of a column are not kept. */
  static final int MAX_VALUES = 1000;

  /** Nothing is known. */
  public static final ColumnRange ANY = new ColumnRange(0, -1, List.of(), List.of(), List.of());

  public ColumnRange {
    keys = cut(keys);
    words = cut(words);
    points = cut(points);
  }

  private static <T> List<T> cut(List<T> values) {
    return List.copyOf(values.size() > MAX_VALUES ? values.subList(0, MAX_VALUES) : values);
  }

  static ColumnRange wholeNumbers(long least, long most) {
    return new ColumnRange(least, most, List.of(), List.of(), List.of());
  }

  static ColumnRange keys(List<Long> keys) {
    return new ColumnRange(0, -1, keys, List.of(), List.of());
  }

  static ColumnRange words(List<String> words) {
    return new ColumnRange(0, -1, List.of(), words, List.of());
  }

  static ColumnRange points(List<Double> points) {
    return new ColumnRange(0, -1, List.of(), List.of(), points);
  }

  /** Whether the graph names the least and the largest whole number. */
  public boolean hasWholeNumbers() {
    return least <= most;
  }

  /** What is left when both hold. */
  ColumnRange and(ColumnRange other) {
    boolean both = hasWholeNumbers() && other.hasWholeNumbers();
    long low = both ? Math.max(least, other.least) : hasWholeNumbers() ? least : other.least;
    long high = both ? Math.min(most, other.most) : hasWholeNumbers() ? most : other.most;
    return new ColumnRange(
        low, high, common(keys, other.keys), common(words, other.words), all(points, other.points));
  }

  /** Values that both know; those of the first, when they have none in common. */
  private static <T> List<T> common(List<T> a, List<T> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    List<T> common = a.stream().filter(Set.copyOf(b)::contains).toList();
    return common.isEmpty() ? a : common;
  }

  private static List<Double> all(List<Double> a, List<Double> b) {
    Set<Double> all = new LinkedHashSet<>(a);
    all.addAll(b);
    return new ArrayList<>(all);
  }
}
