package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A ServiceMonitor that scrapes every pod. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceMonitorOptions(
    @JsonPropertyDescription("Time between two scrapes, for example 15s. Absent: 15s.")
        @Pattern("^([0-9]{1,5}(h|m|s|ms)){1,4}$")
        @Size(max = 32)
        @Nullable String interval,
    @JsonPropertyDescription("Labels of the ServiceMonitor, for the selector of your Prometheus.")
        @Nullable Map<String, String> labels,
    @JsonPropertyDescription(
            "Longest time of a scrape, at most the interval, for example 10s. Absent: as your "
                + "Prometheus has it.")
        @Pattern("^([0-9]{1,5}(h|m|s|ms)){1,4}$")
        @Size(max = 32)
        @Nullable String scrapeTimeout,
    @JsonPropertyDescription("Rules for the labels of the targets, before a scrape.")
        @Size(max = 32)
        @Nullable List<Relabeling> relabelings,
    @JsonPropertyDescription("Rules for the labels of the metrics, after a scrape.") @Size(max = 32)
        @Nullable List<Relabeling> metricRelabelings,
    @JsonPropertyDescription(
            "TLS of the scrapes. Needed beside spec.server.tls.mode Strict, with which the pods are "
                + "scraped over https.")
        @Nullable ScrapeTls tlsConfig,
    @JsonPropertyDescription(
            "The token of the scrapes. Needed beside spec.server.authentication.mode Strict.")
        @Nullable ScrapeAuthorization authorization) {}
