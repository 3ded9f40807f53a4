package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Placement and metadata of the pods. Kubernetes' own types are kept as they were written: the
 * schema knows them, but a stored object may be older than the schema, and one that does not parse
 * must not break the watch of all others.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodOptions(
    @JsonPropertyDescription("Labels that a node must have.")
        @Nullable Map<String, String> nodeSelector,
    @JsonPropertyDescription("Tolerations, each as in a pod.") @Size(max = 50)
        @Nullable List<JsonNode> tolerations,
    @JsonPropertyDescription("Affinity and anti-affinity, as in a pod.")
        @Nullable JsonNode affinity,
    @JsonPropertyDescription(
            "Topology spread constraints, each as in a pod. Without a labelSelector: the "
                + "pods of this ModelServer.")
        @Size(max = 20)
        @Nullable List<JsonNode> topologySpreadConstraints,
    @JsonPropertyDescription("Name of a PriorityClass.") @Size(max = 253)
        @Nullable String priorityClassName,
    @JsonPropertyDescription("Secrets with registry credentials, each by its name.") @Size(max = 20)
        @Nullable List<PullSecret> imagePullSecrets,
    @JsonPropertyDescription(
            "Annotations of the pods' own ServiceAccount, for example for a cloud identity. Not "
                + "beside serviceAccountName.")
        @Nullable Map<String, String> serviceAccountAnnotations,
    @JsonPropertyDescription(
            "Further labels of the pods. Keys under modelserver.dev/ and "
                + "app.kubernetes.io/ are reserved.")
        @Nullable Map<String, String> labels,
    @JsonPropertyDescription(
            "Further annotations of the pods. Keys under modelserver.dev/ are reserved, and those "
                + "of AppArmor, seccomp and container runtimes are refused.")
        @Nullable Map<String, String> annotations,
    @JsonPropertyDescription(
            "A ServiceAccount of yours for the pods, which then must be there. They get no token "
                + "of it for the Kubernetes API. Absent: the operator makes NAME-server.")
        @Pattern("^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$")
        @Size(max = 253)
        @Nullable String serviceAccountName,
    @JsonPropertyDescription(
            "Users and groups of the pods. Nothing here weakens Pod Security restricted.")
        @Nullable PodSecurity securityContext,
    @JsonPropertyDescription("Name of the scheduler. Absent: default-scheduler.")
        @Pattern("^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$")
        @Size(max = 253)
        @Nullable String schedulerName,
    @JsonPropertyDescription("Name of a RuntimeClass, for example of gVisor.")
        @Pattern("^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$")
        @Size(max = 253)
        @Nullable String runtimeClassName,
    @JsonPropertyDescription(
            "Where names are looked up: ClusterFirst, Default (as the node does) or None (only as "
                + "dnsConfig says). Absent: ClusterFirst.")
        @Nullable DnsPolicy dnsPolicy,
    @JsonPropertyDescription("DNS settings, added to those of dnsPolicy.")
        @Nullable DnsConfig dnsConfig,
    @JsonPropertyDescription("Lines of the pods' /etc/hosts.") @Size(max = 32)
        @Nullable List<HostEntry> hostAliases) {}
