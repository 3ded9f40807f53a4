package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A filter of an HTTPRoute: one that changes headers, or CORS. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RouteFilter(
    @JsonPropertyDescription(
            "Type of the filter: RequestHeaderModifier, ResponseHeaderModifier or CORS; each at "
                + "most once.")
        @Required
        @Pattern("^(RequestHeaderModifier|ResponseHeaderModifier|CORS)$")
        @Size(max = 32)
        String type,
    @JsonPropertyDescription("Headers of the request; of type RequestHeaderModifier.")
        @Nullable HeaderModifier requestHeaderModifier,
    @JsonPropertyDescription("Headers of the answer; of type ResponseHeaderModifier.")
        @Nullable HeaderModifier responseHeaderModifier,
    @JsonPropertyDescription("Which pages of other origins may ask; of type CORS.")
        @Nullable CorsFilter cors) {}
