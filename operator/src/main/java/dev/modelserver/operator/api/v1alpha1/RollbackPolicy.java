package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a revision that fails is replaced by the last good one. */
public enum RollbackPolicy {
  @JsonProperty("Automatic")
  AUTOMATIC,
  @JsonProperty("Never")
  NEVER
}
