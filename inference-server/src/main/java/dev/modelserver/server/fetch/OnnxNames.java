package dev.modelserver.server.fetch;

import dev.modelserver.server.text.ForeignText;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** Which of several files is the model. */
final class OnnxNames {

  private static final int MOST_NAMES = 10;
  private static final int LONGEST = 100;
  private static final String END = ".onnx";

  private OnnxNames() {}

  /** Whether a file can be the model when none is named. */
  static boolean isModel(String path) {
    return path.endsWith(END);
  }

  /**
   * A path without what changes nothing in it: no slash at either end, no {@code .} in it.
   *
   * @return empty when it leaves its root, names it, or has a control character
   */
  static Optional<String> normal(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..") || part.chars().anyMatch(Character::isISOControl)) {
        return Optional.empty();
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("/", parts));
  }

  /**
   * The model among the files that there are.
   *
   * @param file {@code spec.model.file}; empty: the only one that ends in .onnx
   * @param whole where they are, for the beginning of a sentence
   */
  static String choose(Optional<String> file, SortedSet<String> names, String whole)
      throws PreflightException {
    if (file.isPresent()) {
      Optional<String> wanted = normal(file.get());
      if (wanted.isEmpty() || !names.contains(wanted.get())) {
        throw new PreflightException(
            Reason.ModelNotFound,
            "%s has no file \"%s\"; it has %s: correct spec.model.file, or add the file"
                .formatted(whole, ForeignText.shown(file.get(), LONGEST), listed(names)));
      }
      return wanted.get();
    }
    List<String> models = names.stream().filter(OnnxNames::isModel).toList();
    if (models.isEmpty()) {
      throw new PreflightException(
          Reason.ModelNotFound,
          "%s has no file that ends in .onnx; it has %s: name the model's file in spec.model.file, or add it"
              .formatted(whole, listed(names)));
    }
    if (models.size() > 1) {
      throw new PreflightException(
          Reason.ModelNotFound,
          "%s has %d files that end in .onnx (%s); name the model's in spec.model.file"
              .formatted(whole, models.size(), listed(models)));
    }
    return models.getFirst();
  }

  private static String listed(Collection<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    String some =
        String.join(
            ", ",
            names.stream()
                .limit(MOST_NAMES)
                .map(name -> ForeignText.shown(name, LONGEST))
                .toList());
    return names.size() <= MOST_NAMES
        ? some
        : some + " and %d more".formatted(names.size() - MOST_NAMES);
  }
}
