package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which pods get traffic from outside the cluster, in Kubernetes' words. */
public enum ExternalTrafficPolicy {
  @JsonProperty("Cluster")
  CLUSTER,
  @JsonProperty("Local")
  LOCAL
}
