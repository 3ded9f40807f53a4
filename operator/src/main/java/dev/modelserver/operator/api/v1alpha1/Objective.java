package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** What share of requests is answered, and how fast. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Objective(
    @JsonPropertyDescription(
            "Percentage of the requests that are not to fail by a fault of the server, over 30 days, "
                + "for example 99.9. Failed are 5xx and gRPC's UNAVAILABLE, DEADLINE_EXCEEDED, "
                + "INTERNAL and RESOURCE_EXHAUSTED of an overloaded server; time without an "
                + "available pod counts as if all requests failed.")
        @Min(90)
        @Max(99.999)
        @Nullable Double availability,
    @JsonPropertyDescription("How fast requests are to be answered.")
        @Nullable LatencyObjective latency) {}
