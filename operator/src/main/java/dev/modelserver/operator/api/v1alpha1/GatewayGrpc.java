package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** The GRPCRoute. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GatewayGrpc(
    @JsonPropertyDescription(
            "Host names for gRPC. None of them may match one of spec.gateway.hostnames: of two "
                + "routes whose host names intersect, a listener accepts only one.")
        @Required
        @Size(min = 1, max = 16)
        List<String> hostnames) {}
