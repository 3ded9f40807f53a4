package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When the files of a volume get the group of the pod, in Kubernetes' words. */
public enum FsGroupChangePolicy {
  @JsonProperty("OnRootMismatch")
  ON_ROOT_MISMATCH,
  @JsonProperty("Always")
  ALWAYS
}
