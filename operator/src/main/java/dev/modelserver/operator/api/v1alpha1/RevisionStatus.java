package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** A revision of the history, for people. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RevisionStatus(
    @JsonPropertyDescription(
            "Number in the history, as the annotation modelserver.dev/rollback-to names it. A "
                + "revision that the spec comes back to gets a new one.")
        @Nullable Long number,
    @JsonPropertyDescription("Name of the ControllerRevision.") @Nullable String revision,
    @JsonPropertyDescription("Version from the spec it was made of.") @Nullable String version,
    @JsonPropertyDescription("First 8 digits of the model's SHA-256.") @Nullable String shortSha256,
    @JsonPropertyDescription("When it was made.") @Nullable String created,
    @JsonPropertyDescription(
            "Good: completely rolled out once. RolledBack: another one took its place. RollingOut: "
                + "the spec asks for it and nothing is decided. Superseded: the spec left it before "
                + "it was completely rolled out.")
        @Nullable String outcome,
    @JsonPropertyDescription("Why another one took its place, if one did.")
        @Nullable String reason) {}
