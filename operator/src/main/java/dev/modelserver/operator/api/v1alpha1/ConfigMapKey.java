package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A key of a ConfigMap in the ModelServer's namespace. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConfigMapKey(
    @JsonPropertyDescription("Name of the ConfigMap, in the ModelServer's namespace.")
        @Required
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(min = 1, max = KubernetesNames.LONGEST)
        String name,
    @JsonPropertyDescription("Key in its data or binaryData, for example model.onnx.")
        @Required
        @Pattern(KubernetesNames.CONFIG_MAP_KEY)
        @Size(min = 1, max = KubernetesNames.LONGEST)
        String key) {}
