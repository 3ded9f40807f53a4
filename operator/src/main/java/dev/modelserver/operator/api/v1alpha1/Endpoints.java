package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What the data ports show besides predictions, the model's metadata and health. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Endpoints(
    @JsonPropertyDescription(
            "/metrics on the data port. Disabled: a ServiceMonitor is not made. Absent: Enabled.")
        @Nullable EndpointState metrics,
    @JsonPropertyDescription("/info. Absent: Enabled.") @Nullable EndpointState info,
    @JsonPropertyDescription("/docs, the page of the API; it needs openApi. Absent: Enabled.")
        @Nullable EndpointState docs,
    @JsonPropertyDescription("/openapi.json. Absent: Enabled.") @Nullable EndpointState openApi,
    @JsonPropertyDescription("The reflection service on the gRPC port. Absent: Enabled.")
        @Nullable EndpointState grpcReflection) {

  /** Nothing is switched off. */
  public static final Endpoints ALL = new Endpoints(null, null, null, null, null);

  /** Whether Prometheus finds metrics on the data port. */
  public boolean showsMetrics() {
    return metrics != EndpointState.DISABLED;
  }
}
