package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which IP families a Service has, in Kubernetes' words. */
public enum IpFamilyPolicy {
  @JsonProperty("SingleStack")
  SINGLE_STACK,
  @JsonProperty("PreferDualStack")
  PREFER_DUAL_STACK,
  @JsonProperty("RequireDualStack")
  REQUIRE_DUAL_STACK
}
