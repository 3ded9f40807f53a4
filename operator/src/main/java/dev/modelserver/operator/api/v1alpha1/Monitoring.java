package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Objects for the Prometheus operator. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Monitoring(
    @JsonPropertyDescription("A ServiceMonitor that scrapes /metrics of every pod.")
        @Nullable ServiceMonitorOptions serviceMonitor,
    @JsonPropertyDescription(
            "Alerts about this model, in a PrometheusRule. {} makes all of them; they need the "
                + "metrics of the operator, and those of the pods as a ServiceMonitor labels them.")
        @Nullable Alerts alerts,
    @JsonPropertyDescription(
            "An objective: alerts that fire when its error budget of 30 days is used up too fast, "
                + "in a PrometheusRule.")
        @Nullable Objective objective) {}
