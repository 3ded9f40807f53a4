package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Where the model comes from and what it is. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Model(
    @JsonPropertyDescription(
            "Where the ONNX file is: https://HOST/PATH, http://HOST/PATH, "
                + "configmap://NAME/KEY, pvc://CLAIM/PATH or file:///PATH (a file in the server "
                + "image).")
        @Required
        @Size(min = 9, max = 2048)
        String uri,
    @JsonPropertyDescription(
            "SHA-256 of the model, 64 lower-case hex digits. It is checked before ONNX Runtime "
                + "opens the file. Absent: the first digest that a revision reports is pinned for "
                + "its later pods.")
        @Pattern("^[a-f0-9]{64}$")
        @Nullable String sha256,
    @JsonPropertyDescription(
            "Version shown in status and in every answer, for example v1.0.0. Absent: the "
                + "first 8 digits of the digest.")
        @Pattern("^[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?$")
        @Nullable String version,
    @JsonPropertyDescription(
            "Model name in the URLs and answers. Absent: the name of the ModelServer.")
        @Pattern("^[A-Za-z0-9]([-_.A-Za-z0-9]{0,98}[A-Za-z0-9])?$")
        @Nullable String name,
    @JsonPropertyDescription(
            "Largest size of the model with its external data; the volume that holds it "
                + "has this limit. Absent: 1Gi.")
        @Nullable Quantity maxSize,
    @JsonPropertyDescription("What the model is about: overrides what its ONNX metadata says.")
        @Nullable Description description) {}
