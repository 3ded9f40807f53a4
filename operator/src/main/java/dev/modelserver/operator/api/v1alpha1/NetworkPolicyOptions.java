package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A NetworkPolicy for the pods. Its peers are kept as they were written, as {@link PodOptions}
 * keeps Kubernetes' own types.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NetworkPolicyOptions(
    @JsonPropertyDescription(
            "Who may call the ports of HTTP and gRPC, each a networking.k8s.io/v1 "
                + "NetworkPolicyPeer. Absent: the pods of the same namespace. Where "
                + "monitoring.serviceMonitor is set, pods labelled app.kubernetes.io/name=prometheus "
                + "of any namespace may call the port of HTTP too, for /metrics.")
        @Size(min = 1, max = 50)
        @Nullable List<JsonNode> from,
    @JsonPropertyDescription(
            "What the pods may call besides DNS, on any port, each a networking.k8s.io/v1 "
                + "NetworkPolicyPeer. Absent: every address but link-local ones, on the ports of "
                + "model.uri and of the trace collector in server.env; and where one of the two "
                + "is a Service of this cluster, the pods of its namespace on any port.")
        @Size(min = 1, max = 50)
        @Nullable List<JsonNode> to) {}
