package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The header Authorization of a scrape, as in a ServiceMonitor. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScrapeAuthorization(
    @JsonPropertyDescription("Scheme of the header. Absent: Bearer.")
        @Pattern("^[A-Za-z][-A-Za-z0-9]*$")
        @Size(min = 1, max = 32)
        @Nullable String type,
    @JsonPropertyDescription(
            "A key of a Secret with one token and nothing else. (A key of the tokens Secret fits "
                + "as long as it holds one line without a newline.)")
        @Required
        ScrapeKey credentials) {}
