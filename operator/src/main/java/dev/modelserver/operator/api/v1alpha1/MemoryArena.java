package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether ONNX Runtime keeps the memory of a run for later runs. */
public enum MemoryArena {
  @JsonProperty("Enabled")
  ENABLED,
  @JsonProperty("Disabled")
  DISABLED
}
