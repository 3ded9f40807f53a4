package dev.modelserver.operator.names;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every reason of a condition and of an Event that is the operator's own: part of the API
 * (docs/conditions.md). Beside them stand the reasons of a HorizontalPodAutoscaler, which are
 * Kubernetes', and what the preflight of an image of the user's own reports.
 */
public enum Reason {
  // Progress.
  READY("Ready", Standing.GOOD, "The revision is rolled out and enough of its pods are available."),
  ROLLING_OUT(
      "RollingOut",
      Standing.WAITING,
      "Pods of the current revision are being made, and nothing is wrong yet."),
  ROLLOUT_PAUSED("RolloutPaused", Standing.WAITING, "The spec holds the rollout."),
  RECONCILIATION_PAUSED(
      "ReconciliationPaused",
      Standing.WAITING,
      "An annotation holds every write but that of the status."),
  SCALED_TO_ZERO("ScaledToZero", Standing.WAITING, "No pod is wanted."),
  PODS_AVAILABLE("PodsAvailable", Standing.GOOD, "Pods answer."),
  PODS_UNAVAILABLE(
      "PodsUnavailable",
      Standing.FAILING,
      "Too few pods are available, and no cause is visible yet."),
  MODEL_LOADED("ModelLoaded", Standing.GOOD, "A preflight verified and loaded the model."),
  PREFLIGHT_PENDING(
      "PreflightPending", Standing.WAITING, "No preflight of the revision has finished."),
  ROLLED_BACK(
      "RolledBack",
      Standing.FAILING,
      "The revision failed, and the last good one runs in its place."),
  MANUAL_ROLLBACK(
      "ManualRollback",
      Standing.FAILING,
      "A person wants another revision in place of the one of the spec."),
  ROLLBACK_IMPOSSIBLE(
      "RollbackImpossible",
      Standing.FAILING,
      "The revision that a person wants is not a good one."),
  PROGRESS_DEADLINE_EXCEEDED(
      "ProgressDeadlineExceeded",
      Standing.FAILING,
      "The rollout made no progress in time, and no nearer cause is known."),
  AUTOSCALER_PENDING("AutoscalerPending", Standing.WAITING, "The autoscaler has not reported yet."),
  SERVICE_MONITOR_APPLIED("ServiceMonitorApplied", Standing.GOOD, "The ServiceMonitor is applied."),
  SERVICE_MONITOR_KIND_MISSING(
      "ServiceMonitorKindMissing", Standing.FAILING, "The ServiceMonitor CRD is not installed."),
  PROMETHEUS_RULE_APPLIED("PrometheusRuleApplied", Standing.GOOD, "The PrometheusRule is applied."),
  PROMETHEUS_RULE_KIND_MISSING(
      "PrometheusRuleKindMissing", Standing.FAILING, "The PrometheusRule CRD is not installed."),
  MONITORING_APPLIED(
      "MonitoringApplied", Standing.GOOD, "The ServiceMonitor and the PrometheusRule are applied."),
  METRICS_DISABLED(
      "MetricsDisabled",
      Standing.FAILING,
      "The spec asks for what needs the metrics of the pods, and disables them."),
  EXPOSED("Exposed", Standing.GOOD, "The controllers accept what leads here from outside."),
  EXPOSURE_PENDING(
      "ExposurePending", Standing.WAITING, "A controller has not reported on an object yet."),
  NO_CONTROLLER(
      "NoController", Standing.FAILING, "No controller has taken up an Ingress or a route."),
  ROUTE_NOT_ACCEPTED(
      "RouteNotAccepted", Standing.FAILING, "A controller does not accept a route as it is."),
  ROUTE_KIND_MISSING(
      "RouteKindMissing", Standing.FAILING, "A kind of Gateway API is not installed."),
  HOST_CONFLICT(
      "HostConflict", Standing.FAILING, "An older ModelServer uses a host and path of the spec."),
  UNPROTECTED_DOWNLOAD(
      "UnprotectedDownload",
      Standing.FAILING,
      "The model may be replaced on its way: plain http, and no digest."),
  SELECTED_BY_ANOTHER_SERVICE(
      "SelectedByAnotherService", Standing.FAILING, "Another Service selects the pods."),
  REVISION_TAMPERED(
      "RevisionTampered",
      Standing.FAILING,
      "Somebody else wrote or changed an object of a revision."),
  REVISION_UNVERIFIED(
      "RevisionUnverified",
      Standing.FAILING,
      "Records of revisions stand beside a status that knows none."),
  INVALID_SPEC(
      "InvalidSpec",
      Standing.FAILING,
      "The spec passes the schema, but cannot be read or rendered."),
  // Reported by preflight (docs/server-contract.md).
  CHECKSUM_MISMATCH(
      "ChecksumMismatch", Standing.FINAL, "The digest of the file is not the one of the spec."),
  INVALID_MODEL("InvalidModel", Standing.FINAL, "The file is not a whole ONNX model."),
  UNSUPPORTED_OPSET("UnsupportedOpset", Standing.FINAL, "The model needs a newer ONNX Runtime."),
  UNSUPPORTED_OPERATOR(
      "UnsupportedOperator",
      Standing.FINAL,
      "ONNX Runtime does not have an operator of the graph."),
  UNSUPPORTED_MODEL(
      "UnsupportedModel",
      Standing.FINAL,
      "An input or output has a type that the server does not serve."),
  MODEL_TOO_LARGE(
      "ModelTooLarge", Standing.FINAL, "The model has more bytes than the spec allows."),
  EXTERNAL_DATA_OUTSIDE(
      "ExternalDataOutside", Standing.FINAL, "External data lies outside the folder of the model."),
  BREAKING_SIGNATURE(
      "BreakingSignature",
      Standing.FINAL,
      "The model would break clients of the last good revision."),
  VERIFICATION_FAILED(
      "VerificationFailed", Standing.FINAL, "A golden request was not answered as expected."),
  MODEL_NOT_FOUND("ModelNotFound", Standing.FAILING, "The source has no such file."),
  DOWNLOAD_FORBIDDEN(
      "DownloadForbidden", Standing.FAILING, "The source does not let the server read the file."),
  DOWNLOAD_TIMEOUT(
      "DownloadTimeout",
      Standing.FAILING,
      "The source did not answer in time, or not with all of it."),
  DOWNLOAD_TLS_FAILED(
      "DownloadTlsFailed", Standing.FAILING, "No TLS connection to the source can be made."),
  DOWNLOAD_FAILED("DownloadFailed", Standing.FAILING, "The download failed for another reason."),
  DOWNLOAD_REFUSED(
      "DownloadRefused", Standing.FAILING, "The address is one that models must not come from."),
  DIGEST_MISMATCH(
      "DigestMismatch",
      Standing.FAILING,
      "The file differs from the one that the revision began with."),
  CERTIFICATE_INVALID(
      "CertificateInvalid",
      Standing.FAILING,
      "The TLS Secret has no certificate and key that can be used."),
  CERTIFICATE_EXPIRED("CertificateExpired", Standing.FAILING, "The certificate has expired."),
  CERTIFICATE_NAME_MISMATCH(
      "CertificateNameMismatch",
      Standing.FAILING,
      "The certificate is for none of the names of the Service."),
  TOKENS_INVALID(
      "TokensInvalid",
      Standing.FAILING,
      "The Secret with the tokens has no client, or a client or token that cannot be used."),
  CREDENTIALS_INVALID(
      "CredentialsInvalid",
      Standing.FAILING,
      "The Secret with the store's credentials has none that can be used."),
  INVALID_CONFIGURATION(
      "InvalidConfiguration", Standing.FAILING, "The server cannot read its configuration."),
  PREFLIGHT_STALLED("PreflightStalled", Standing.FAILING, "Preflight made no progress."),
  DOWNLOADING(
      "Downloading", Standing.FAILING, "Preflight was ended during the download: no verdict."),
  LOADING(
      "Loading", Standing.FAILING, "Preflight was ended while it loaded the model: no verdict."),
  INTERNAL_ERROR("InternalError", Standing.FAILING, "Preflight or the server failed unexpectedly."),
  PREFLIGHT_FAILED(
      "PreflightFailed",
      Standing.FAILING,
      "Stands for a reported reason that cannot be used; the report says whether it is final."),
  // Of the pods.
  OUT_OF_MEMORY(
      "OutOfMemory",
      Standing.FAILING,
      "A container reached its memory limit, or its Java heap was full."),
  IMAGE_PULL_FAILED("ImagePullFailed", Standing.FAILING, "The image cannot be pulled."),
  CONTAINER_NOT_CREATED(
      "ContainerNotCreated", Standing.FAILING, "The kubelet cannot create the container."),
  SERVER_CRASHED("ServerCrashed", Standing.FAILING, "A signal of native code ended a server."),
  CONTAINER_CRASHED("ContainerCrashed", Standing.FAILING, "A container ended with an error."),
  CONFIG_MAP_NOT_FOUND(
      "ConfigMapNotFound", Standing.FAILING, "The ConfigMap of the model is missing."),
  VOLUME_NOT_FOUND(
      "VolumeNotFound", Standing.FAILING, "The PersistentVolumeClaim is missing or not bound."),
  VOLUME_IN_USE("VolumeInUse", Standing.FAILING, "Another node or pod holds the volume."),
  SECRET_NOT_FOUND("SecretNotFound", Standing.FAILING, "A Secret that the pod needs is missing."),
  VOLUME_MOUNT_FAILED(
      "VolumeMountFailed", Standing.FAILING, "A volume cannot be mounted for another reason."),
  POD_SANDBOX_FAILED(
      "PodSandboxFailed", Standing.FAILING, "The node cannot make the sandbox of a pod."),
  POD_EVICTED("PodEvicted", Standing.FAILING, "The node evicted a pod."),
  UNSCHEDULABLE("Unschedulable", Standing.FAILING, "No node takes the pod."),
  // Refused by the API server.
  QUOTA_EXCEEDED(
      "QuotaExceeded",
      Standing.FAILING,
      "A ResourceQuota is used up, or counts a resource that the spec does not name."),
  LIMIT_RANGE_VIOLATED(
      "LimitRangeViolated", Standing.FAILING, "A LimitRange does not allow the resources."),
  POD_SECURITY_VIOLATED(
      "PodSecurityViolated",
      Standing.FAILING,
      "The Pod Security level of the namespace refuses the pods."),
  ADMISSION_DENIED(
      "AdmissionDenied",
      Standing.FAILING,
      "A webhook, a policy or another admission refuses the object."),
  ADMISSION_WEBHOOK_UNAVAILABLE(
      "AdmissionWebhookUnavailable",
      Standing.PASSING,
      "A webhook does not answer, and writes fail without it."),
  PRIORITY_CLASS_NOT_FOUND(
      "PriorityClassNotFound", Standing.FAILING, "There is no such PriorityClass."),
  SERVICE_ACCOUNT_NOT_FOUND(
      "ServiceAccountNotFound", Standing.FAILING, "There is no such ServiceAccount."),
  RUNTIME_CLASS_NOT_FOUND(
      "RuntimeClassNotFound", Standing.FAILING, "There is no such RuntimeClass."),
  NAMESPACE_TERMINATING(
      "NamespaceTerminating", Standing.FAILING, "The namespace is being deleted."),
  REFUSED("Refused", Standing.FAILING, "Refused with other words."),
  FORBIDDEN("Forbidden", Standing.FAILING, "The operator lacks a right."),
  INVALID("Invalid", Standing.FINAL, "The API server does not accept the object as it is."),
  ADMISSION_CHANGED_FIELDS(
      "AdmissionChangedFields",
      Standing.FAILING,
      "An admission policy or webhook changes fields that the operator applies."),
  NAME_CONFLICT(
      "NameConflict", Standing.FAILING, "An object of this name belongs to somebody else."),
  CONFLICT(
      "Conflict",
      Standing.PASSING,
      "Somebody else wrote the object at the same moment, or it is still being deleted."),
  API_SERVER_UNAVAILABLE(
      "ApiServerUnavailable", Standing.PASSING, "The API server did not answer, or had an error.");

  /** What a reason says of the way on. */
  private enum Standing {
    /** It is as it should be. */
    GOOD,
    /** Work is under way, or somebody wants to wait. */
    WAITING,
    /** It passes without anybody doing anything. */
    PASSING,
    /** Somebody must do something; the operator goes on trying. */
    FAILING,
    /** Trying again cannot help: another spec or another model is needed. */
    FINAL
  }

  private static final Map<String, Reason> BY_WORD =
      Arrays.stream(values()).collect(Collectors.toMap(Reason::word, Function.identity()));

  private final String word;
  private final Standing standing;
  private final String meaning;

  Reason(String word, Standing standing, String meaning) {
    this.word = word;
    this.standing = standing;
    this.meaning = meaning;
  }

  /** The reason with this word, if it is one of ours. */
  public static Optional<Reason> of(String word) {
    return Optional.ofNullable(BY_WORD.get(word));
  }

  /** The word, as conditions and Events have it. */
  public String word() {
    return word;
  }

  /** What it means, in a sentence. */
  public String meaning() {
    return meaning;
  }

  /** Whether a word is this reason's. */
  public boolean is(String other) {
    return word.equals(other);
  }

  /** Whether everything is as it should be. */
  public boolean good() {
    return standing == Standing.GOOD;
  }

  /** Whether nothing failed: work is under way, or somebody wants to wait. */
  public boolean waiting() {
    return standing == Standing.WAITING;
  }

  /** Whether it passes without anybody doing anything. */
  public boolean passing() {
    return standing == Standing.PASSING;
  }

  /** Whether trying again cannot help. */
  public boolean isFinal() {
    return standing == Standing.FINAL;
  }
}
