package dev.modelserver.e2e.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelserver.e2e.monitoring.JsonApi.Parameter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Alertmanager's HTTP API: the alerts that have arrived there. */
public final class Alertmanager {
  private static final Duration POLL = Duration.ofSeconds(2);

  private final JsonApi api;

  /** The one at an address, for example http://10.96.0.93:9093. */
  public Alertmanager(URI address) {
    this.api = new JsonApi(address);
  }

  /** Waits until an alert with these labels has arrived; how long that took. */
  public Duration awaitFiring(Map<String, String> labels, Duration limit) {
    return await("Alertmanager has the alert " + labels, labels, true, limit);
  }

  /** Waits until Prometheus has told that there is no such alert any more; how long that took. */
  public Duration awaitResolved(Map<String, String> labels, Duration limit) {
    return await("the end of the alert " + labels, labels, false, limit);
  }

  private Duration await(String what, Map<String, String> labels, boolean there, Duration limit) {
    Instant start = Instant.now();
    Awaitility.await(what)
        .atMost(limit)
        .pollInterval(POLL)
        .until(() -> find(labels).isEmpty() != there);
    return Duration.between(start, Instant.now());
  }

  /** Those with these labels, resolved ones left out. */
  private JsonNode find(Map<String, String> labels) {
    List<Parameter> filters =
        labels.entrySet().stream()
            .map(
                label ->
                    new Parameter(
                        "filter", "%s=\"%s\"".formatted(label.getKey(), label.getValue())))
            .toList();
    return api.get("/api/v2/alerts", filters);
  }
}
