package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Routes of Gateway API that lead from outside the cluster to the Service. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GatewayOptions(
    @JsonPropertyDescription("The Gateways, or listeners of them, that take the routes up.")
        @Required
        @Size(min = 1, max = 8)
        List<GatewayParent> parentRefs,
    @JsonPropertyDescription(
            "Host names for HTTP, for example iris.example.com or *.example.com. A host and path "
                + "that an older ModelServer uses stays with that one.")
        @Required
        @Size(min = 1, max = 16)
        List<String> hostnames,
    @JsonPropertyDescription(
            "Prefixes of the paths that lead here; the server gets the path as it is. Beside "
                + "spec.server.pathPrefix each must be one that the server answers. Absent: "
                + "spec.server.pathPrefix, or / without one.")
        @Size(min = 1, max = 16)
        @Nullable List<String> paths,
    @JsonPropertyDescription(
            "Filters of the HTTPRoute. A controller that does not support one says so, and "
                + "Exposed quotes it.")
        @Size(max = 3)
        @Nullable List<RouteFilter> filters,
    @JsonPropertyDescription("A GRPCRoute beside the HTTPRoute. Absent: none.")
        @Nullable GatewayGrpc grpc) {}
