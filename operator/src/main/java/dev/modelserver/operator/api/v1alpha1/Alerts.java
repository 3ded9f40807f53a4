package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Alerts about the model, all of them unless they are disabled. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Alerts(
    @JsonPropertyDescription(
            "Labels of the PrometheusRule, for the selector of your Prometheus; also where it holds "
                + "the rules of the objective alone.")
        @Nullable Map<String, String> labels,
    @JsonPropertyDescription("ModelServerNotReady: Ready is not True; for 10m, Warning.")
        @Nullable Alert notReady,
    @JsonPropertyDescription(
            "ModelServerRolledBack: another revision runs in place of the one of the spec; for 0s, "
                + "Warning.")
        @Nullable Alert rolledBack,
    @JsonPropertyDescription(
            "ModelServerNoPods: no pod is available and at least one is wanted; for 1m, Critical.")
        @Nullable Alert noPods,
    @JsonPropertyDescription(
            "ModelServerErrorRate: too many requests fail by a fault of the server (5xx); for 5m, "
                + "Warning.")
        @Nullable ErrorRateAlert errorRate,
    @JsonPropertyDescription(
            "ModelServerLatency: too many requests take longer than the threshold; for 5m, Warning.")
        @Nullable LatencyAlert latency,
    @JsonPropertyDescription(
            "ModelServerQueueFull: the queue of a pod holds 90 percent of what it can; for 5m, "
                + "Warning.")
        @Nullable PercentAlert queueFull,
    @JsonPropertyDescription(
            "ModelServerMemoryNearLimit: a pod uses 90 percent of its memory limit; for 10m, "
                + "Warning.")
        @Nullable PercentAlert memoryNearLimit,
    @JsonPropertyDescription(
            "ModelServerNearMaxReplicas: the autoscaler wants 90 percent of maxReplicas; for 15m, "
                + "Warning. Only with spec.autoscaling.")
        @Nullable PercentAlert nearMaxReplicas,
    @JsonPropertyDescription(
            "ModelServerCertificateExpires: the certificate that a pod uses expires within 7 days; "
                + "for 10m, Warning. Only with spec.server.tls.")
        @Nullable CertificateAlert certificateExpires,
    @JsonPropertyDescription(
            "ModelServerSecretReloadFailed: a pod cannot use the changed certificate or tokens and "
                + "keeps the last good ones; for 10m, Warning. Only with spec.server.tls or "
                + "spec.server.authentication.")
        @Nullable Alert secretReloadFailed) {}
