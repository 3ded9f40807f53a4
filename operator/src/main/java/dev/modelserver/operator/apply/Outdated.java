package dev.modelserver.operator.apply;

/**
 * A pass that would write what is of the past: its ModelServer was changed meanwhile, or is gone.
 */
public final class Outdated extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Outdated(String name, String namespace) {
    // Without a stack trace: this is an outcome, not a defect.
    super(
        "ModelServer %s in %s was changed or deleted meanwhile".formatted(name, namespace),
        null,
        false,
        false);
  }
}
