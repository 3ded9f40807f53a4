package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator wrote into a record of a revision, so that it knows it again. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecordedRevision(
    @JsonPropertyDescription("Name of the ControllerRevision.") @Size(max = 253) String name,
    @JsonPropertyDescription(
            "SHA-256 of the canonical JSON (RFC 8785) of its data, 64 hexadecimal digits.")
        @Size(max = 64)
        String data,
    @JsonPropertyDescription(
            "SHA-256 of the canonical JSON of its number and of what was learned of it; two while "
                + "it is being written.")
        @Size(max = 1000)
        List<@Size(max = 64) String> facts,
    @JsonPropertyDescription(
            "SHA-256 of the model file, 64 hexadecimal digits, where the spec names none: the "
                + "first one that was reported, which all later pods must have.")
        @Size(max = 4096)
        @Nullable String pin) {}
