package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Session affinity of the Service, in Kubernetes' words. */
public enum SessionAffinity {
  @JsonProperty("None")
  NONE,
  @JsonProperty("ClientIP")
  CLIENT_IP;

  /** The word in a Service's spec. */
  public String word() {
    return this == NONE ? "None" : "ClientIP";
  }
}
