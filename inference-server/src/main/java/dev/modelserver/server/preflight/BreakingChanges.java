package dev.modelserver.server.preflight;

import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a client that works with one signature would stumble over in another: an input gone, new and
 * required, or without its default; a type, a number of axes or a size changed, an output gone,
 * class labels changed. An axis of any size takes what a fixed one took, not the other way round;
 * what comes out may become more definite, and as many rows come out as go in.
 */
final class BreakingChanges {

  private static final int MAX_LABELS = 120;

  private final List<String> found = new ArrayList<>();

  private BreakingChanges() {}

  /** Every difference that breaks, in words; none when the signatures are compatible. */
  static List<String> between(Signature before, Signature after) {
    BreakingChanges changes = new BreakingChanges();
    changes.inputs(before, after);
    changes.outputs(before.outputs(), after.outputs());
    changes.labels(before.classes(), after.classes());
    return List.copyOf(changes.found);
  }

  private void inputs(Signature before, Signature after) {
    Stream.concat(before.inputs().stream(), before.optionalInputs().stream())
        .forEach(old -> input(old, after));
    for (TensorSpec now : after.inputs()) {
      if (before.input(now.name()).isEmpty()) {
        found.add(
            "input \"%s\" %s%s is new and required"
                .formatted(now.name(), now.datatype(), now.shape()));
      } else if (named(before.inputs(), now.name()).isEmpty()) {
        found.add("input \"%s\" has no default any more".formatted(now.name()));
      }
    }
  }

  private void input(TensorSpec old, Signature after) {
    String input = "input \"" + old.name() + "\"";
    Optional<TensorSpec> now = after.input(old.name());
    if (now.isEmpty()) {
      found.add(input + " is gone");
    } else {
      datatype(input, old, now.get());
      shape(input, old, now.get(), true);
    }
  }

  private void outputs(List<TensorSpec> before, List<TensorSpec> after) {
    for (TensorSpec old : before) {
      String output = "output \"" + old.name() + "\"";
      Optional<TensorSpec> now = named(after, old.name());
      if (now.isEmpty()) {
        found.add(output + " is gone");
      } else {
        datatype(output, old, now.get());
        shape(output, old, now.get(), false);
      }
    }
  }

  private void datatype(String tensor, TensorSpec old, TensorSpec now) {
    if (old.datatype() != now.datatype()) {
      found.add("%s has type %s instead of %s".formatted(tensor, now.datatype(), old.datatype()));
    }
  }

  private void shape(String tensor, TensorSpec old, TensorSpec now, boolean goesIn) {
    boolean breaks = old.shape().rank() != now.shape().rank();
    for (int axis = 0; !breaks && axis < old.shape().rank(); axis++) {
      // a server that did not read weights reported any width where this one knows it
      boolean read = axis == old.shape().rank() - 1 && now.leastWidth() == now.shape().dim(axis);
      breaks = breaks(old.shape(), now.shape(), axis, goesIn && !read);
    }
    if (breaks) {
      found.add("%s has shape %s instead of %s".formatted(tensor, now.shape(), old.shape()));
    }
  }

  private static boolean breaks(Shape old, Shape now, int axis, boolean goesIn) {
    if (old.dim(axis) == now.dim(axis) || now.dim(axis) < 0) {
      return false;
    }
    return old.dim(axis) >= 0 || goesIn;
  }

  private void labels(List<String> before, List<String> after) {
    if (!before.equals(after)) {
      found.add("the class labels are %s instead of %s".formatted(shown(after), shown(before)));
    }
  }

  private static String shown(List<String> labels) {
    String text = labels.isEmpty() ? "unnamed" : "[" + String.join(", ", labels) + "]";
    return ReportMessage.cut(text, MAX_LABELS);
  }

  private static Optional<TensorSpec> named(List<TensorSpec> specs, String name) {
    return specs.stream().filter(spec -> spec.name().equals(name)).findFirst();
  }
}
