package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a new revision is verified before it takes traffic. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verification(
    @JsonPropertyDescription(
            "Golden requests: each new revision answers them before it takes traffic, and one "
                + "that does not answer as expected is rolled back. At most 20, and 64 KiB of "
                + "JSON together.")
        @Size(max = 20)
        @Nullable List<GoldenRequest> requests) {}
