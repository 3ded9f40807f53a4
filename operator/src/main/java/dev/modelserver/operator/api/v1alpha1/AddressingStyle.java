package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a request to an S3 store names the bucket. */
public enum AddressingStyle {
  @JsonProperty("VirtualHosted")
  VIRTUAL_HOSTED,
  @JsonProperty("Path")
  PATH
}
