package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import org.jspecify.annotations.Nullable;

/** What the user wants served, and how. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelServerSpec(
    @JsonPropertyDescription(
            "The model: where it comes from, its digest, its version and its description.")
        @Required
        Model model,
    @JsonPropertyDescription(
            "The inference server: image, log level, request timeout, runtime, batching, "
                + "environment.")
        @Nullable Server server,
    @JsonPropertyDescription(
            "Number of pods. While autoscaling is set it is ignored. `kubectl scale "
                + "modelserver/NAME --replicas=N` sets it.")
        @SpecReplicas
        @Default("1")
        @Min(0)
        @Max(1000)
        @Nullable Integer replicas,
    @JsonPropertyDescription(
            "Requests and limits of both containers. Unset: requests 250m CPU and 256Mi memory, "
                + "limits 1 CPU and 512Mi memory, or what the operator is configured for. Without "
                + "a memory limit the memory request is the limit; without any CPU the request is "
                + "250m. Threads follow the CPU limit, else the CPU request, rounded up.")
        @Nullable Resources resources,
    @JsonPropertyDescription("How a new revision replaces the old one, and when it is rolled back.")
        @Nullable Rollout rollout,
    @JsonPropertyDescription("How a new revision is verified before it takes traffic.")
        @Nullable Verification verification,
    @JsonPropertyDescription("A HorizontalPodAutoscaler for the pods. Absent: `replicas` pods.")
        @Nullable Autoscaling autoscaling,
    @JsonPropertyDescription("The Service in front of the pods.") @Nullable ServiceOptions service,
    @JsonPropertyDescription("An Ingress in front of the Service. Absent: none.")
        @Nullable IngressOptions ingress,
    @JsonPropertyDescription("Routes of Gateway API to the Service. Absent: none.")
        @Nullable GatewayOptions gateway,
    @JsonPropertyDescription("Objects for the Prometheus operator.")
        @Nullable Monitoring monitoring,
    @JsonPropertyDescription(
            "A NetworkPolicy for the pods: who may call them, and what they may call. {} for the "
                + "defaults. Absent: none is made. The network plugin of the cluster must enforce "
                + "it.")
        @Nullable NetworkPolicyOptions networkPolicy,
    @JsonPropertyDescription("How many pods an eviction (a node drain) may take away at a time.")
        @Nullable Disruption disruption,
    @JsonPropertyDescription(
            "Placement and metadata of the pods. Nothing here can weaken the restricted "
                + "security settings.")
        @Nullable PodOptions pod) {}
