package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** Tokens on the data ports. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServerAuthentication(
    @JsonPropertyDescription(
            "Strict: requests without a valid token get 401, but for health and readiness. "
                + "Permissive: they are answered too, and counted, until all clients send a token.")
        @Required
        Enforcement mode,
    @JsonPropertyDescription("The tokens of the clients.") @Required ClientTokens tokens) {}
