package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses outside the cluster. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExternalUrls(
    @JsonPropertyDescription(
            "Addresses for HTTP. One of a Gateway begins with // where spec.gateway.parentRefs "
                + "names no port 80 or 443: the scheme is the listener's.")
        @Size(max = 64)
        @Nullable List<String> external,
    @JsonPropertyDescription(
            "Addresses for gRPC: host:port, or the host alone where spec.gateway.parentRefs names "
                + "no port.")
        @Size(max = 64)
        @Nullable List<String> grpc) {}
