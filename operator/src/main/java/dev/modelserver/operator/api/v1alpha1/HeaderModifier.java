package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Headers that a filter sets, adds and removes. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HeaderModifier(
    @JsonPropertyDescription("Headers that get this value in place of any they have.")
        @Size(max = 16)
        @Nullable List<HeaderValue> set,
    @JsonPropertyDescription("Headers that get this value beside those they have.") @Size(max = 16)
        @Nullable List<HeaderValue> add,
    @JsonPropertyDescription("Names of headers that are removed.") @Size(max = 16)
        @Nullable List<String> remove) {}
