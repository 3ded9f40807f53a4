package dev.modelserver.operator.metrics;

/** Who rolled a revision back. */
enum RollbackCause {
  /** The operator, because the revision failed. */
  AUTOMATIC("Automatic"),
  /** A person, by the annotation modelserver.dev/rollback-to. */
  MANUAL("Manual");

  private final String label;

  RollbackCause(String label) {
    this.label = label;
  }

  /** As the label of a metric. */
  String label() {
    return label;
  }
}
