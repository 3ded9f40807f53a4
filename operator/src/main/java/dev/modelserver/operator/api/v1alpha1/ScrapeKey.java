package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A key of a ConfigMap or Secret that the Prometheus operator reads. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScrapeKey(
    @JsonPropertyDescription("Name of the object, in the ModelServer's namespace.")
        @Required
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(min = 1, max = KubernetesNames.LONGEST)
        String name,
    @JsonPropertyDescription("Its key.")
        @Required
        @Pattern(KubernetesNames.CONFIG_MAP_KEY)
        @Size(min = 1, max = KubernetesNames.LONGEST)
        String key) {}
