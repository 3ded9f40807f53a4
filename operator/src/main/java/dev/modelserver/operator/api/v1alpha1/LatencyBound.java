package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Bounds of the histogram ml_prediction_duration_seconds: only at them is it known how many
 * requests took longer.
 */
public enum LatencyBound {
  @JsonProperty("1ms")
  MS_1(1),
  @JsonProperty("5ms")
  MS_5(5),
  @JsonProperty("10ms")
  MS_10(10),
  @JsonProperty("25ms")
  MS_25(25),
  @JsonProperty("50ms")
  MS_50(50),
  @JsonProperty("100ms")
  MS_100(100),
  @JsonProperty("250ms")
  MS_250(250),
  @JsonProperty("500ms")
  MS_500(500),
  @JsonProperty("1s")
  S_1(1_000),
  @JsonProperty("2500ms")
  MS_2500(2_500),
  @JsonProperty("5s")
  S_5(5_000),
  @JsonProperty("10s")
  S_10(10_000);

  private final int millis;

  LatencyBound(int millis) {
    this.millis = millis;
  }

  /** The bound in milliseconds. */
  public int millis() {
    return millis;
  }
}
