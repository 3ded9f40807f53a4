package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which signatures a new revision may have, compared with that of the last good one. */
public enum SignaturePolicy {
  @JsonProperty("Compatible")
  COMPATIBLE,
  @JsonProperty("Any")
  ANY
}
