package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Where the store of an s3:// URI is. The configuration file of the server has the same members.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"endpoint", "region", "addressingStyle"})
public record S3Store(
    @JsonPropertyDescription(
            "Address of an S3-compatible store: https://HOST or https://HOST:PORT, without the "
                + "bucket. http:// is for a store without credentials. Absent: Amazon S3 in the "
                + "region.")
        @Size(min = 8, max = LONGEST_ENDPOINT)
        @Nullable String endpoint,
    @JsonPropertyDescription(
            "Region of the bucket, for example eu-central-1; requests are signed for it. Absent: "
                + "the value of AWS_REGION in server.env, else us-east-1.")
        @Pattern(REGION)
        @Nullable String region,
    @JsonPropertyDescription(
            "Where requests name the bucket. VirtualHosted: before the host. Path: as the first "
                + "part of the path, as many S3-compatible stores need. Absent: "
                + "VirtualHosted.")
        @Nullable AddressingStyle addressingStyle) {
  /** Characters that an endpoint may have. */
  public static final int LONGEST_ENDPOINT = 512;

  /** A region: part of a host's name, and of each signature. */
  public static final String REGION = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";
}
