package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A variable of the server container: a value, or where it comes from. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnvironmentVariable(
    @JsonPropertyDescription("Name of the variable.")
        @Required
        @Pattern("^[A-Za-z_][A-Za-z0-9_]*$")
        @Size(max = 256)
        String name,
    @JsonPropertyDescription("Value of the variable. Exactly one of value and valueFrom is set.")
        @Size(max = 4096)
        @Nullable String value,
    @JsonPropertyDescription(
            "Where the value comes from. Kubernetes reads it when a container starts; the operator does not.")
        @Nullable VariableSource valueFrom) {}
