package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A HorizontalPodAutoscaler (autoscaling/v2) for the pods. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Autoscaling(
    @JsonPropertyDescription("Fewest pods. Absent: 1.") @Min(1) @Max(1000)
        @Nullable Integer minReplicas,
    @JsonPropertyDescription("Most pods.") @Required @Min(1) @Max(1000) Integer maxReplicas,
    @JsonPropertyDescription(
            "Target CPU use in percent of the request. Without any target or metric: 80.")
        @Min(1)
        @Max(1000)
        @Nullable Integer cpuUtilization,
    @JsonPropertyDescription("Target memory use in percent of the request.") @Min(1) @Max(1000)
        @Nullable Integer memoryUtilization,
    @JsonPropertyDescription(
            "Further metrics, each an autoscaling/v2 MetricSpec, passed through as it is.")
        @Size(max = 20)
        @Nullable List<JsonNode> metrics,
    @JsonPropertyDescription(
            "Scaling behavior, an autoscaling/v2 HorizontalPodAutoscalerBehavior, passed "
                + "through as it is.")
        @Nullable JsonNode behavior) {}
