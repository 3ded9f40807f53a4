package dev.modelserver.server.model;

import java.util.List;
import java.util.Map;

/**
 * The keys of a ZipMap output in one order for good: ascending, as scikit-learn has them. ONNX
 * Runtime hands each row over as a hash map, whose order means nothing.
 *
 * @param keys all strings, or all 64-bit integers
 */
public record Labels(List<Object> keys) {

  public Labels {
    keys = List.copyOf(keys);
  }

  /** The keys of a row of a ZipMap output, in ascending order. */
  public static Labels of(Map<?, ?> row) {
    // natural order of Long and String both; a map has keys of one type
    return new Labels(
        row.keySet().stream().map(Object.class::cast).sorted(Labels::compare).toList());
  }

  /** Whether the labels are names, not numbers. */
  public boolean strings() {
    return !keys.isEmpty() && keys.getFirst() instanceof String;
  }

  /** The labels as text. */
  public List<String> names() {
    return keys.stream().map(Object::toString).toList();
  }

  private static int compare(Object a, Object b) {
    return a instanceof Long x && b instanceof Long y
        ? x.compareTo(y)
        : a.toString().compareTo(b.toString());
  }
}
