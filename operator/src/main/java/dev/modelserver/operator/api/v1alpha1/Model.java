package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Where the model comes from and what it is. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Model(
    @JsonPropertyDescription(
            "Where the ONNX file is, outside the cluster's objects: https://HOST/PATH, "
                + "http://HOST/PATH, s3://BUCKET/KEY, oci://HOST/REPOSITORY:TAG or @sha256:DIGEST, "
                + "hf://ORGANIZATION/REPOSITORY/PATH@REVISION or file:///PATH (a file in the "
                + "server image). Status, Events and logs show no query, which may hold a "
                + "signature. Exactly one of uri, configMap and persistentVolumeClaim is set.")
        @Size(min = 9, max = LONGEST_URI)
        @Nullable String uri,
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
        @Nullable Description description,
    @JsonPropertyDescription(
            "The ONNX file is a key of a ConfigMap. The ConfigMap is mounted whole, so that its "
                + "other keys can be the model's external data.")
        @Nullable ConfigMapKey configMap,
    @JsonPropertyDescription(
            "The ONNX file is on a PersistentVolumeClaim, with its external data beside it. The "
                + "claim is mounted read-only, while preflight copies the model.")
        @Nullable ClaimFile persistentVolumeClaim,
    @JsonPropertyDescription(
            "Which file is the model, where the source has several: a path relative to its root, "
                + "without . or .. segments. Absent: the only file whose name ends with .onnx.")
        @Size(min = 1, max = ClaimFile.LONGEST_PATH)
        @Nullable String file,
    @JsonPropertyDescription("Where the store of an s3:// URI is. Absent: Amazon S3.")
        @Nullable S3Store s3,
    @JsonPropertyDescription(
            "Credentials for the source of uri. They are mounted in preflight alone, and sent to "
                + "the URI's own origin alone, never over plain http. Absent: none.")
        @Nullable ModelCredentials credentials,
    @JsonPropertyDescription(
            "CA certificates that preflight trusts besides those of the image. Absent: those of "
                + "the image.")
        @Nullable ModelTrust trust,
    @JsonPropertyDescription("The proxy through which preflight reaches uri. Absent: none.")
        @Nullable ModelProxy proxy) {
  /** Characters that a URI may have: signed URLs are long. */
  public static final int LONGEST_URI = 8192;
}
