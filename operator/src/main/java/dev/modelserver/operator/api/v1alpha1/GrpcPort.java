package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** The port of the Service for gRPC. The pods listen on their port 9000 in any case. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GrpcPort(
    @JsonPropertyDescription("Whether the Service has a port for gRPC. Absent: true.")
        @Nullable Boolean enabled,
    @JsonPropertyDescription("Number of the port. Absent: 9000.") @Min(1) @Max(65535)
        @Nullable Integer port) {}
