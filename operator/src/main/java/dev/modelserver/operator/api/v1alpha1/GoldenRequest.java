package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A request whose answer is known. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GoldenRequest(
    @JsonPropertyDescription("Name for people, as the status tells it; unique in the list.")
        @Required
        @Size(min = 1, max = 63)
        String name,
    @JsonPropertyDescription(
            "The JSON body of `POST /predict`, for example `{features: [5.1, 3.5, 1.4, 0.2]}`.")
        @Required
        JsonNode request,
    @JsonPropertyDescription(
            "The fields that the answer must have, with their values, for example `{class: "
                + "setosa}`; it may have more. Lists are compared element by element. timestamp, "
                + "processing_time_ms and served_by_pod are not compared, so that a whole answer "
                + "can stand here.")
        @Required
        JsonNode expect,
    @JsonPropertyDescription(
            "How far numbers may be off: at most absolute + relative * |expected|. Absent: 0.00001 "
                + "for both, and integers must be the same.")
        @Nullable Tolerance tolerance) {}
