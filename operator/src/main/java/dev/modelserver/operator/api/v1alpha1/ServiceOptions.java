package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Service in front of the pods. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceOptions(
    @JsonPropertyDescription(
            "Type of the Service: ClusterIP, NodePort or LoadBalancer. Absent: ClusterIP.")
        @Nullable ServiceType type,
    @JsonPropertyDescription(
            "Port of the Service for HTTP. Absent: 80. (gRPC has its own port 9000.)")
        @Min(1)
        @Max(65535)
        @Nullable Integer port,
    @JsonPropertyDescription(
            "ClientIP sends all requests of a client to the same pod. Absent: None.")
        @Nullable SessionAffinity sessionAffinity,
    @JsonPropertyDescription("Annotations of the Service, for example for a cloud load balancer.")
        @Nullable Map<String, String> annotations) {}
