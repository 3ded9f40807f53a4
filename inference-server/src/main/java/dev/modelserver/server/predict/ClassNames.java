package dev.modelserver.server.predict;

import dev.modelserver.server.model.Labels;
import dev.modelserver.server.model.ModelDescription;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of the classes of a model, by position: its own string labels, else the description's,
 * else its number labels.
 *
 * @param keys the labels as the model gives them, by position; empty when it does not tell them
 * @param names what people call them; empty when unknown
 */
public record ClassNames(List<Object> keys, List<String> names) {

  /** The names of a model that is described so; null labels: it has no ZipMap output. */
  public static ClassNames of(ModelDescription description, @Nullable Labels labels) {
    List<String> described = distinct(description.classes());
    if (labels == null) {
      return new ClassNames(List.of(), described);
    }
    boolean byDescription = !labels.strings() && described.size() == labels.keys().size();
    return new ClassNames(labels.keys(), byDescription ? described : labels.names());
  }

  /** The position of a label the model gave among its scores; -1 when it cannot be told. */
  int position(Object label) {
    if (!keys.isEmpty()) {
      return keys.indexOf(label);
    }
    return label instanceof Long number
        ? (number >= 0 && number < Integer.MAX_VALUE ? number.intValue() : -1)
        : names.indexOf(label);
  }

  /** The name of a label: a string label is its own. */
  String name(Object label) {
    int position = label instanceof String ? -1 : position(label);
    return position >= 0 && position < names.size() ? names.get(position) : label.toString();
  }

  /**
   * The same; null for an integer without names or scores, which is a number and not a label.
   *
   * @param scored whether the model gives scores too
   */
  @Nullable String nameOrNull(Object label, boolean scored) {
    return !scored && names.isEmpty() && label instanceof Long ? null : name(label);
  }

  /** The name of a position. */
  public String nameAt(int position, int count) {
    return names.size() == count ? names.get(position) : Integer.toString(position);
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
