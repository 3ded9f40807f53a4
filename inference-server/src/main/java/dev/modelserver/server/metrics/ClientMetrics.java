package dev.modelserver.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the requests of each client by the status of their answers. The names are those of the
 * tokens' Secret and two more, so the label is bounded; no name that a caller chooses becomes one.
 */
@Singleton
public final class ClientMetrics {

  private final MeterRegistry registry;
  private final Map<Labels, Counter> counters = new ConcurrentHashMap<>();

  ClientMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts one answer.
   *
   * @param code a status of HTTP, or of gRPC by its name
   */
  public void count(String client, String code) {
    counters.computeIfAbsent(new Labels(client, code), this::counter).increment();
  }

  private Counter counter(Labels labels) {
    return Counter.builder("ml.client.requests")
        .description("Requests by the client that its token names, and the status of the answer")
        .tag("client", labels.client)
        .tag("code", labels.code)
        .register(registry);
  }

  private record Labels(String client, String code) {}
}
