package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An Ingress that leads HTTP from outside the cluster to the Service. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IngressOptions(
    @JsonPropertyDescription("Name of the IngressClass. Absent: the cluster's default class.")
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(max = KubernetesNames.LONGEST)
        @Nullable String className,
    @JsonPropertyDescription(
            "Host names that lead here, for example iris.example.com, or *.example.com for one "
                + "more label. A host and path that an older ModelServer uses stays with that one.")
        @Required
        @Size(min = 1, max = 16)
        List<String> hosts,
    @JsonPropertyDescription(
            "Prefixes of the paths that lead here; the server gets the path as it is. Beside "
                + "spec.server.pathPrefix each must be one that the server answers. Absent: "
                + "spec.server.pathPrefix, or / without one.")
        @Size(min = 1, max = 16)
        @Nullable List<String> paths,
    @JsonPropertyDescription("The certificate for all hosts. Absent: no TLS.")
        @Nullable IngressTls tls,
    @JsonPropertyDescription(
            "Annotations of the Ingress, for its controller. Snippets of a proxy's configuration "
                + "are refused: they would configure the controller for everybody.")
        @Nullable Map<String, String> annotations) {}
