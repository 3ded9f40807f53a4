package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** A line of the pods' /etc/hosts. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostEntry(
    @JsonPropertyDescription("IP address.")
        @Required
        @Pattern("^[0-9a-fA-F.:]+$")
        @Size(min = 2, max = 45)
        String ip,
    @JsonPropertyDescription("Names of the address.") @Required @Size(min = 1, max = 32)
        List<String> hostnames) {}
