package dev.modelserver.server.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The classes of a model, by the position of their score.
 *
 * @param keys the labels as the model gives them: strings, or 64-bit integers; empty when the
 *     position of a label is not known
 * @param names what people call them; empty when unknown
 * @param positions of the keys
 */
public record ClassNames(List<Object> keys, List<String> names, Map<Object, Integer> positions) {

  /** Of a model that names no classes. */
  public static final ClassNames NONE = of(List.of(), List.of());

  public ClassNames {
    keys = List.copyOf(keys);
    names = List.copyOf(names);
    positions = Map.copyOf(positions);
  }

  /** Classes with these labels, under these names. */
  public static ClassNames of(List<?> keys, List<String> names) {
    Map<Object, Integer> positions = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      positions.putIfAbsent(keys.get(i), i);
    }
    return new ClassNames(List.copyOf(keys), distinct(names), positions);
  }

  /** The classes of these labels; a description names those that are only numbers. */
  public static ClassNames of(Labels labels, List<String> described) {
    boolean byDescription = !labels.strings() && described.size() == labels.keys().size();
    return of(labels.keys(), byDescription ? described : labels.names());
  }

  /** The position of a label among the scores; -1 when it cannot be told. */
  public int position(Object label) {
    return positions.getOrDefault(label, -1);
  }

  /** The name of a label: its own text when it has no other. */
  public String name(Object label) {
    if (label instanceof String text) {
      return text;
    }
    int position = keys.isEmpty() && label instanceof Long index ? index(index) : position(label);
    return position >= 0 && position < names.size() ? names.get(position) : label.toString();
  }

  private static int index(long label) {
    return label >= 0 && label < Integer.MAX_VALUE ? (int) label : -1;
  }

  /**
   * The two cranes of ImageNet: a name used twice is told apart by its index, because answers are
   * keyed by name.
   */
  private static List<String> distinct(List<String> names) {
    Set<String> seen = new HashSet<>();
    List<String> distinct = new ArrayList<>();
    for (String name : names) {
      String unique = name;
      while (!seen.add(unique)) {
        unique += " (" + distinct.size() + ")";
      }
      distinct.add(unique);
    }
    return distinct;
  }
}
