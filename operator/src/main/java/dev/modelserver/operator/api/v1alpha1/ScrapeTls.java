package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** TLS of a scrape, as in a ServiceMonitor. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScrapeTls(
    @JsonPropertyDescription(
            "CA certificates that Prometheus trusts. Absent: those of the system that it runs on.")
        @Nullable ScrapeCa ca,
    @JsonPropertyDescription(
            "Name that the certificate must be for. Absent: NAME.NAMESPACE.svc; Prometheus "
                + "connects to the pods by address.")
        @Pattern(KubernetesNames.SUBDOMAIN)
        @Size(min = 1, max = KubernetesNames.LONGEST)
        @Nullable String serverName,
    @JsonPropertyDescription("true: the certificate is not verified. Absent: false.")
        @Nullable Boolean insecureSkipVerify) {

  /** A ConfigMap or Secret with CA certificates. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ScrapeCa(
      @JsonPropertyDescription("A key of a ConfigMap. Exactly one of configMap and secret is set.")
          @Nullable ScrapeKey configMap,
      @JsonPropertyDescription("A key of a Secret.") @Nullable ScrapeKey secret) {}
}
