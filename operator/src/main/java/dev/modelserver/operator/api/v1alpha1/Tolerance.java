package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How far a number may be from the expected one: at most absolute + relative * |expected|. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Tolerance(
    @JsonPropertyDescription("In the number's own unit. Absent: 0 where relative is given.")
        @Min(0)
        @Max(1_000_000_000_000L)
        @Nullable Double absolute,
    @JsonPropertyDescription(
            "A share of the expected number, for example 0.01. Absent: 0 where absolute is given.")
        @Min(0)
        @Max(1000)
        @Nullable Double relative) {}
