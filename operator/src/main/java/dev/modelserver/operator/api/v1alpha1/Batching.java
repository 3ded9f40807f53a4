package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How requests are merged into one run of the model. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Batching(
    @JsonPropertyDescription(
            "Most rows that one run of the model merges from several requests; 1 merges nothing. "
                + "Absent: what a measurement when the model is loaded finds best, which is 1 "
                + "for a model that gains nothing.")
        @Min(1)
        @Max(1024)
        @Nullable Integer maxBatchSize,
    @JsonPropertyDescription(
            "Microseconds that a run may wait for more rows, at most 1000000 (1 s). They are "
                + "added to the time of an answer. Absent: 0, a run takes what is waiting.")
        @Min(0)
        @Max(1_000_000)
        @Nullable Integer maxDelayMicroseconds,
    @JsonPropertyDescription(
            "Most requests that wait for a run; one more gets a 503 at once. Absent: 256.")
        @Min(1)
        @Max(10_000)
        @Nullable Integer maxQueueSize) {}
