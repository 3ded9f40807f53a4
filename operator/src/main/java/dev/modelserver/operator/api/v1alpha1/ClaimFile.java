package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A file of a PersistentVolumeClaim in the ModelServer's namespace. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClaimFile(
    @JsonPropertyDescription("Name of the PersistentVolumeClaim, in the ModelServer's namespace.")
        @Required
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(min = 1, max = KubernetesNames.LONGEST)
        String claimName,
    @JsonPropertyDescription(
            "Path of the file in its volume, relative to the root and without . or .. segments, "
                + "for example digits/model.onnx.")
        @Required
        @Size(min = 1, max = LONGEST_PATH)
        String path) {
  /** Characters that a path may have. */
  public static final int LONGEST_PATH = 1024;
}
