package dev.modelserver.e2e.cluster;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A Prometheus that takes the ServiceMonitors and PrometheusRules of all namespaces, whatever their
 * labels, and the Alertmanager that it tells.
 *
 * @param prometheus {@code E2E_PROMETHEUS}: address of its API
 * @param alertmanager {@code E2E_ALERTMANAGER}: address of its API
 */
public record MonitoringSettings(URI prometheus, URI alertmanager) {
  /** Empty where the environment names no Prometheus. */
  static Optional<MonitoringSettings> from(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("E2E_PROMETHEUS"))
        .map(
            prometheus ->
                new MonitoringSettings(
                    URI.create(prometheus),
                    URI.create(
                        Optional.ofNullable(environment.get("E2E_ALERTMANAGER"))
                            .orElseThrow(
                                () ->
                                    new IllegalArgumentException(
                                        "E2E_PROMETHEUS is set, E2E_ALERTMANAGER is not")))));
  }
}
