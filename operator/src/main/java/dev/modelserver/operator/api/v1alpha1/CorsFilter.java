package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cross-origin requests that a Gateway lets browsers make. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorsFilter(
    @JsonPropertyDescription(
            "Origins that may ask, for example https://app.example.com, https://*.example.com or "
                + "*.")
        @Size(max = 64)
        @Nullable List<String> allowOrigins,
    @JsonPropertyDescription("Whether requests with credentials are allowed. Absent: false.")
        @Nullable Boolean allowCredentials,
    @JsonPropertyDescription("Methods that may be used, or *.") @Size(max = 9)
        @Nullable List<String> allowMethods,
    @JsonPropertyDescription("Headers that a request may have, or *.") @Size(max = 64)
        @Nullable List<String> allowHeaders,
    @JsonPropertyDescription("Headers of the answer that a page may read, or *.") @Size(max = 64)
        @Nullable List<String> exposeHeaders,
    @JsonPropertyDescription("Seconds for which a browser may remember it. Absent: 5.")
        @Min(1)
        @Max(86400)
        @Nullable Integer maxAge) {}
