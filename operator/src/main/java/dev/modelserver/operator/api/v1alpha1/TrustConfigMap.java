package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A ConfigMap with the CA certificates of the source. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrustConfigMap(
    @JsonPropertyDescription("Name of the ConfigMap.")
        @Required
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(min = 1, max = KubernetesNames.LONGEST)
        String name,
    @JsonPropertyDescription("Key of the certificates (PEM), for example ca.crt.")
        @Required
        @Pattern(KubernetesNames.CONFIG_MAP_KEY)
        @Size(min = 1, max = KubernetesNames.LONGEST)
        String key) {}
