package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** What share of the answered requests takes at most so long. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LatencyObjective(
    @JsonPropertyDescription(
            "Percentage of the answered requests that are to take at most the threshold, over 30 "
                + "days, for example 99.")
        @Required
        @Min(50)
        @Max(99.999)
        Double percent,
    @JsonPropertyDescription(
            "Longest time from the last byte of the request to the answer, a bound of the histogram "
                + "ml_prediction_duration_seconds.")
        @Required
        LatencyBound threshold) {}
