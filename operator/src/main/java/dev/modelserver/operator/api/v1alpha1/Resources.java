package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests and limits, as in a container. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Resources(
    @JsonPropertyDescription(
            "Least amount of each resource that is reserved, for example cpu 250m.")
        @Nullable Map<String, Quantity> requests,
    @JsonPropertyDescription("Most of each resource that may be used, for example memory 512Mi.")
        @Nullable Map<String, Quantity> limits) {}
