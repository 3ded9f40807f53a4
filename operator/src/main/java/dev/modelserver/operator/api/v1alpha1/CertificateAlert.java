package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** An alert that fires before a certificate expires. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CertificateAlert(
    @JsonPropertyDescription("Whether the alert is made. Absent: Enabled.")
        @Nullable AlertState state,
    @JsonPropertyDescription(
            "Severity, the label severity of the alert in lower case. Absent: the default of this alert.")
        @Nullable AlertSeverity severity,
    @JsonProperty("for")
        @JsonPropertyDescription(
            "How long it must hold before the alert fires, at most 24h, for example 5m. "
                + "Absent: the default of this alert.")
        @Pattern("^([0-9]{1,5}(h|m|s|ms)){1,4}$")
        @Size(max = 32)
        @Nullable String pending,
    @JsonPropertyDescription(
            "Days before the certificate expires at which it fires; fewer than a renewal leaves. "
                + "Absent: 7.")
        @Min(1)
        @Max(365)
        @Nullable Integer days) {}
