package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A condition of the ModelServer, in the form of metav1.Condition. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @JsonPropertyDescription("Type of the condition, for example Ready.")
        @Required
        @Pattern(
            "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$")
        @Size(max = 316)
        String type,
    @JsonPropertyDescription("True, False or Unknown.") @Required String status,
    @JsonPropertyDescription("Generation of the spec that the condition is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("When the status last changed, RFC 3339.") @Required
        String lastTransitionTime,
    @JsonPropertyDescription("Stable reason in CamelCase.")
        @Required
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        @Size(min = 1, max = 1024)
        String reason,
    @JsonPropertyDescription("A sentence that names object, cause and remedy.")
        @Required
        @Size(max = 32_768)
        String message) {}
