package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** What became of the golden requests before the model took traffic. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record VerificationStatus(
    @JsonPropertyDescription("Number of golden requests that were answered as expected.")
        int passed,
    @JsonPropertyDescription("Number of golden requests.") int total) {}
