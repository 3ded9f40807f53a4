package dev.modelserver.operator.names;

/** Annotations: those that people set on a ModelServer, and those of a revision's record. */
public final class Annotations {
  /** On a ModelServer: another value renders a new revision of the same spec. */
  public static final String RESTART = "modelserver.dev/restart";

  /** On a ModelServer: another value tries a rolled-back revision again. */
  public static final String RETRY = "modelserver.dev/retry";

  /**
   * On a ModelServer: the number of a good revision that runs in place of the spec's. On a record:
   * the value that was obeyed.
   */
  public static final String ROLLBACK_TO = "modelserver.dev/rollback-to";

  /** On a ModelServer: while it is {@code true}, nothing is written but the status. */
  public static final String PAUSE_RECONCILIATION = "modelserver.dev/pause-reconciliation";

  /** On a record: the number of the revision when it was last completely rolled out. */
  public static final String PROVEN_AT = "modelserver.dev/proven-at";

  /** On a record: why the revision failed, and what took its place. */
  public static final String ROLLED_BACK = "modelserver.dev/rolled-back";

  /** On a record: the signature that the present attempt is compared with. */
  public static final String BASELINE = "modelserver.dev/baseline";

  /** On a record: the digest that its pods must load. */
  public static final String PIN = "modelserver.dev/pin";

  /** On a record: what its preflight reported. */
  public static final String PREFLIGHT = "modelserver.dev/preflight";

  private Annotations() {}
}
