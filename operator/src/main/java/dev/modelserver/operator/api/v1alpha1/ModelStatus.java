package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The model that answers. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelStatus(
    @JsonPropertyDescription("Version from the spec, else the first 8 digits of the digest.")
        @Size(max = 4096)
        @Nullable String version,
    @JsonPropertyDescription("SHA-256 of the model that the pods loaded.") @Size(max = 4096)
        @Nullable String sha256,
    @JsonPropertyDescription("First 8 digits of the SHA-256, for the printed column.")
        @Size(max = 64)
        @Nullable String shortSha256,
    @JsonPropertyDescription("Inputs and outputs with datatypes and shapes, for people.")
        @Size(max = 32_768)
        @Nullable String signature,
    @JsonPropertyDescription(
            "Golden requests that the model answered before it took traffic. Absent where there are "
                + "none.")
        @Nullable VerificationStatus verification) {}
