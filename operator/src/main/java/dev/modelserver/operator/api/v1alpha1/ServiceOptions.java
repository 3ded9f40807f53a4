package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
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
            "Port of the Service for HTTP. Absent: 80. (gRPC has a port of its own: grpc.)")
        @Min(1)
        @Max(65535)
        @Nullable Integer port,
    @JsonPropertyDescription(
            "ClientIP sends all requests of a client to the same pod. Absent: None.")
        @Nullable SessionAffinity sessionAffinity,
    @JsonPropertyDescription("Annotations of the Service, for example for a cloud load balancer.")
        @Nullable Map<String, String> annotations,
    @JsonPropertyDescription(
            "Further labels of the Service, and of the headless one. Keys under modelserver.dev/ "
                + "and app.kubernetes.io/ are reserved.")
        @Nullable Map<String, String> labels,
    @JsonPropertyDescription(
            "The port for gRPC. Only the Service changes; no pod is restarted. Absent: enabled, "
                + "port 9000.")
        @Nullable GrpcPort grpc,
    @JsonPropertyDescription(
            "Enabled: a second, headless Service NAME-headless, whose name in DNS gives the "
                + "addresses of all ready pods, for gRPC clients that balance themselves; they use "
                + "the pods' ports 9000 and 8080. Absent: Disabled.")
        @Nullable EndpointState headless,
    @JsonPropertyDescription(
            "Class of the load balancer; only with type LoadBalancer. Kubernetes lets nobody "
                + "change it: delete the Service to have it made anew with another class.")
        @Pattern("^([a-z0-9]([-.a-z0-9]*[a-z0-9])?/)?[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$")
        @Size(max = 317)
        @Nullable String loadBalancerClass,
    @JsonPropertyDescription(
            "Clients that the load balancer admits, as CIDR; only with type LoadBalancer. Absent: "
                + "all.")
        @Size(max = 64)
        @Nullable List<String> loadBalancerSourceRanges,
    @JsonPropertyDescription(
            "Local sends traffic from outside only to pods of the node that it reached, and keeps "
                + "the client's address; only with type NodePort or LoadBalancer. Absent: Cluster.")
        @Nullable ExternalTrafficPolicy externalTrafficPolicy,
    @JsonPropertyDescription(
            "Pods that are preferred: PreferClose and PreferSameZone those of the client's zone, "
                + "PreferSameNode those of its node. Where the API server does not know it, the "
                + "Service is applied without it and the status says so. Absent: all pods alike.")
        @Nullable TrafficDistribution trafficDistribution,
    @JsonPropertyDescription(
            "IP families: SingleStack, PreferDualStack or RequireDualStack. Absent: as the "
                + "cluster has it by default.")
        @Nullable IpFamilyPolicy ipFamilyPolicy) {}
