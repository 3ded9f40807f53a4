package dev.modelserver.server.metrics;

import io.prometheus.client.Collector;
import jakarta.inject.Singleton;

/** All metrics in Prometheus' text format. */
@Singleton
@SuppressWarnings(
    "deprecation") // the registry that Quarkus brings; its successor has another name for the same
public final class Scrape {

  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final io.micrometer.prometheus.PrometheusMeterRegistry registry;

  Scrape(io.micrometer.prometheus.PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  void add(Collector collector) {
    registry.getPrometheusRegistry().register(collector);
  }

  public String text() {
    return registry.scrape();
  }
}
