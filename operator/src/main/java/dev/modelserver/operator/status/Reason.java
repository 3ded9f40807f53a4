package dev.modelserver.operator.status;

import dev.modelserver.operator.revision.ManualRollback;
import dev.modelserver.operator.revision.StoredRevisions;

/** Reasons that the status itself gives; those of causes and refusals come with them. */
final class Reason {
  static final String READY = "Ready";
  static final String ROLLING_OUT = "RollingOut";
  static final String ROLLOUT_PAUSED = "RolloutPaused";
  static final String ROLLED_BACK = "RolledBack";
  static final String MANUAL_ROLLBACK = ManualRollback.REASON;
  static final String ROLLBACK_IMPOSSIBLE = "RollbackImpossible";
  static final String RECONCILIATION_PAUSED = "ReconciliationPaused";
  static final String PODS_UNAVAILABLE = "PodsUnavailable";
  static final String PODS_AVAILABLE = "PodsAvailable";
  static final String SCALED_TO_ZERO = "ScaledToZero";
  static final String INVALID_SPEC = "InvalidSpec";
  static final String MODEL_LOADED = "ModelLoaded";
  static final String PREFLIGHT_PENDING = "PreflightPending";
  static final String DIGEST_MISMATCH = "DigestMismatch";
  static final String SERVICE_MONITOR_APPLIED = "ServiceMonitorApplied";
  static final String SERVICE_MONITOR_UNKNOWN = "ServiceMonitorKindMissing";
  static final String METRICS_DISABLED = "MetricsDisabled";
  static final String UNPROTECTED_DOWNLOAD = "UnprotectedDownload";
  static final String AUTOSCALER_PENDING = "AutoscalerPending";

  static final String SELECTED_BY_ANOTHER_SERVICE = "SelectedByAnotherService";

  static final String ADMISSION_CHANGED_FIELDS = "AdmissionChangedFields";

  static final String REVISION_TAMPERED = StoredRevisions.TAMPERED;
  static final String REVISION_UNVERIFIED = StoredRevisions.UNVERIFIED;

  private Reason() {}
}
