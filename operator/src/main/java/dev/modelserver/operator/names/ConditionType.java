package dev.modelserver.operator.names;

/** Types of conditions of a ModelServer; part of the API. */
public final class ConditionType {
  /** The current spec's revision was rolled out completely and enough of it is available now. */
  public static final String READY = "Ready";

  /** Requests are being answered, by whatever revision. */
  public static final String AVAILABLE = "Available";

  /** Preflight of the current revision succeeded. */
  public static final String MODEL_LOADED = "ModelLoaded";

  /** Work is under way; present only while True. */
  public static final String RECONCILING = "Reconciling";

  /** A person is needed; present only while True. */
  public static final String STALLED = "Stalled";

  /** The current revision failed and another one runs in its place; present only while True. */
  public static final String ROLLED_BACK = "RolledBack";

  /** The operator writes nothing, because a person wants it; present only while True. */
  public static final String RECONCILIATION_PAUSED = "ReconciliationPaused";

  /** The autoscaler works; present only where autoscaling is asked for. */
  public static final String SCALING_ACTIVE = "ScalingActive";

  /** ServiceMonitor and PrometheusRule are applied; present only where monitoring is asked for. */
  public static final String MONITORING = "Monitoring";

  /**
   * What leads to the model from outside the cluster works; present only where an Ingress or routes
   * are asked for.
   */
  public static final String EXPOSED = "Exposed";

  /** Another Service selects the pods by labels of the spec; present only while True. */
  public static final String POD_LABELS_SHARED = "PodLabelsShared";

  /** A stored record of a revision was not used; present until the spec changes. */
  public static final String REVISION_IGNORED = "RevisionIgnored";

  /** An admission of the cluster changes fields of the operator; present only while True. */
  public static final String FIELDS_OVERRIDDEN = "FieldsOverridden";

  private ConditionType() {}
}
