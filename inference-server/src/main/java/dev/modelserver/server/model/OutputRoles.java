package dev.modelserver.server.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each output means to a person, decided once, when the model is loaded: from its graph, and
 * from runs on rows of the server's own.
 *
 * @param label the output with one class per row; null: there is none
 * @param labelIsPosition whether the label is the position of a class, not the class itself
 * @param scores the output with one number per row and class; null: there is none
 * @param kind what the scores are
 * @param mapped whether the model gives the scores as a map by class (ZipMap)
 * @param value the output that is a number, or a few, per row; null: there is none
 * @param others outputs answered as they are
 * @param classes whose names they have
 */
public record OutputRoles(
    @Nullable String label,
    boolean labelIsPosition,
    @Nullable String scores,
    ScoreKind kind,
    boolean mapped,
    @Nullable String value,
    List<String> others,
    ClassNames classes) {

  public OutputRoles {
    others = List.copyOf(others);
  }

  /**
   * The class that a label stands for.
   *
   * @param label as the model gave it: a String or a Long
   */
  public Object label(Object label) {
    return labelIsPosition
            && label instanceof Long position
            && position >= 0
            && position < classes.keys().size()
        ? classes.keys().get(position.intValue())
        : label;
  }

  /**
   * What people call a label. Null for an integer that has neither a name nor scores: it is a
   * number, and not a class.
   */
  public @Nullable String name(Object label) {
    return scores == null && classes.names().isEmpty() && label instanceof Long
        ? null
        : classes.name(label);
  }
}
