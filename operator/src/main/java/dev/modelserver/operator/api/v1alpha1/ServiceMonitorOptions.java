package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A ServiceMonitor that scrapes every pod. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceMonitorOptions(
    @JsonPropertyDescription("Time between two scrapes, for example 15s. Absent: 15s.")
        @Pattern("^[0-9]{1,6}(ms|s|m|h)$")
        @Nullable String interval,
    @JsonPropertyDescription("Labels of the ServiceMonitor, for the selector of your Prometheus.")
        @Nullable Map<String, String> labels) {}
