package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A header and its value. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HeaderValue(
    @JsonPropertyDescription("Name of the header.")
        @Required
        @Pattern(HeaderValue.NAME)
        @Size(min = 1, max = 256)
        String name,
    @JsonPropertyDescription("Value of the header.") @Required @Size(min = 1, max = 4096)
        String value) {
  /** A token of HTTP (RFC 9110). */
  public static final String NAME = "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$";
}
