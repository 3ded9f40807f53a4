package dev.modelserver.operator.apply;

/** The ModelServer of a pass was deleted meanwhile: nothing may be made for it any more. */
public final class OwnerGone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OwnerGone(String name, String namespace) {
    // Without a stack trace: this is an outcome, not a defect.
    super("ModelServer %s in %s is gone".formatted(name, namespace), null, false, false);
  }
}
