package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A ConfigMap with CA certificates. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CaConfigMap(
    @JsonPropertyDescription("Name of the ConfigMap.")
        @Required
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(min = 1, max = KubernetesNames.LONGEST)
        String name,
    @JsonPropertyDescription(
            "Key of the certificates (PEM). With spec.gateway it must be ca.crt: Gateway API reads "
                + "no other key.")
        @Required
        @Pattern(KubernetesNames.CONFIG_MAP_KEY)
        @Size(min = 1, max = KubernetesNames.LONGEST)
        String key) {}
