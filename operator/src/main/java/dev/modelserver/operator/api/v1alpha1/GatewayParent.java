package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A Gateway, or one of its listeners, as a route of Gateway API names it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GatewayParent(
    @JsonPropertyDescription("Group of the parent. Absent: gateway.networking.k8s.io.")
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(max = 253)
        @Nullable String group,
    @JsonPropertyDescription("Kind of the parent. Absent: Gateway.")
        @Pattern("^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$")
        @Size(max = 63)
        @Nullable String kind,
    @JsonPropertyDescription(
            "Namespace of the parent, whose listener must admit routes of this one. Absent: this "
                + "namespace.")
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @Size(max = 63)
        @Nullable String namespace,
    @JsonPropertyDescription("Name of the parent.")
        @Required
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(max = KubernetesNames.LONGEST)
        String name,
    @JsonPropertyDescription("Name of a listener of the Gateway. Absent: all listeners that fit.")
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(max = KubernetesNames.LONGEST)
        @Nullable String sectionName,
    @JsonPropertyDescription("Port of the listeners. Absent: every port.") @Min(1) @Max(65535)
        @Nullable Integer port) {}
