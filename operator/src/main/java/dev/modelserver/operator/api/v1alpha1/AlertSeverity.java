package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The label severity of an alert, which has it in lower case. */
public enum AlertSeverity {
  @JsonProperty("Info")
  INFO,
  @JsonProperty("Warning")
  WARNING,
  @JsonProperty("Critical")
  CRITICAL
}
