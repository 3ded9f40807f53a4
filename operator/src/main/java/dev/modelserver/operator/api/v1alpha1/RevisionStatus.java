package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A revision of the history, for people. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RevisionStatus(
    @JsonPropertyDescription(
            "Number in the history, as the annotation modelserver.dev/rollback-to names it. A "
                + "revision that the spec comes back to gets a new one.")
        @Nullable Long number,
    @JsonPropertyDescription("Name of the ControllerRevision.") @Size(max = 253)
        @Nullable String revision,
    @JsonPropertyDescription("Version from the spec it was made of.") @Size(max = 4096)
        @Nullable String version,
    @JsonPropertyDescription("First 8 digits of the model's SHA-256.") @Size(max = 64)
        @Nullable String shortSha256,
    @JsonPropertyDescription("When it was made.") @Size(max = 64) @Nullable String created,
    @JsonPropertyDescription(
            "Good: completely rolled out once. RolledBack: another one took its place. RollingOut: "
                + "the spec asks for it and nothing is decided. Superseded: the spec left it before "
                + "it was completely rolled out.")
        @Size(max = 64)
        @Nullable String outcome,
    @JsonPropertyDescription("Why another one took its place, if one did.") @Size(max = 1024)
        @Nullable String reason) {}
