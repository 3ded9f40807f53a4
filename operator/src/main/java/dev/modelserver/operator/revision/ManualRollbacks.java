package dev.modelserver.operator.revision;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Obeys the annotation modelserver.dev/rollback-to: it names the number of a good revision, which
 * runs in place of the one the spec asks for until the annotation is taken away or the spec comes
 * to another revision (docs/adr/0010-manual-rollback.md).
 */
final class ManualRollbacks {
  private ManualRollbacks() {}

  /**
   * Writes a new wish into the current revision, or takes an old one out of it.
   *
   * @param wish value of the annotation; empty if absent
   */
  static Revision account(Revision current, String wish, List<Revision> history) {
    if (wish.equals(current.manual().map(ManualRollback::request).orElse(""))) {
      return current;
    }
    if (wish.isEmpty()) {
      Revision released = current.wished(Optional.empty());
      // Coming back is a change: it must prove itself anew.
      return current.takenBack() ? released.at(current.number() + 1) : released;
    }
    return chosen(wish, history)
        .map(Revision::hash)
        .map(to -> new ManualRollback(wish, to.equals(current.hash()) ? "" : to))
        .map(obeyed -> current.wished(Optional.of(obeyed)))
        .orElse(current);
  }

  /** Why the wish cannot be obeyed, if it cannot. */
  static Optional<String> problem(Revision current, String wish, List<Revision> history) {
    boolean obeyed = wish.equals(current.manual().map(ManualRollback::request).orElse(""));
    return obeyed || chosen(wish, history).isPresent()
        ? Optional.empty()
        : Optional.of(
            "The annotation modelserver.dev/rollback-to is \"%s\", which is not the number of a good revision: %s; correct or remove it"
                .formatted(wish, available(current, history)));
  }

  /** The revision that a person wants instead of the current one. */
  static Optional<Revision> target(Revision current, List<Revision> history) {
    return current
        .manual()
        .filter(ManualRollback::active)
        .flatMap(wish -> history.stream().filter(r -> r.hash().equals(wish.to())).findFirst())
        // It counts as the last good one from now on, and was not taken back any more itself.
        .map(r -> r.with(r.facts().provenAt(Math.max(r.provenAt(), current.number()))))
        .map(r -> r.wished(r.manual().map(ManualRollback::over)));
  }

  private static Optional<Revision> chosen(String wish, List<Revision> history) {
    return history.stream()
        .filter(r -> r.provenAt() > 0 && Long.toString(r.number()).equals(wish))
        .findFirst();
  }

  private static String available(Revision current, List<Revision> history) {
    String numbers =
        history.stream()
            .filter(r -> r.provenAt() > 0 && !r.hash().equals(current.hash()))
            .sorted(Comparator.comparingLong(Revision::number))
            .map(r -> r.number() + r.version().map(v -> " (version " + v + ")").orElse(""))
            .collect(Collectors.joining(", "));
    return numbers.isEmpty() ? "there is none yet" : "there are " + numbers;
  }
}
