package dev.modelserver.server.metrics;

import io.prometheus.client.Collector;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@code ml_container_*}: memory and CPU of this container beside their limits, read from its
 * cgroup when the metrics are. What the kernel does not tell is absent.
 */
@Singleton
final class ContainerMetrics {

  void register(@Observes StartupEvent event, Scrape scrape) {
    scrape.add(new Reading(() -> Cgroup.of(Path.of("/"))));
  }

  /** One value of the cgroup as a metric. */
  private record Metric(
      String name, Collector.Type type, String help, Function<Cgroup, OptionalDouble> value) {}

  private static final List<Metric> METRICS =
      List.of(
          gauge(
              "ml_container_memory_usage_bytes",
              "Memory of the container, with the page cache",
              Cgroup::memoryUsage),
          gauge(
              "ml_container_memory_working_set_bytes",
              "Memory of the container without inactive page cache, as the kubelet counts it",
              Cgroup::memoryWorkingSet),
          gauge(
              "ml_container_memory_limit_bytes",
              "Memory limit of the container",
              Cgroup::memoryLimit),
          counter(
              "ml_container_cpu_usage_seconds_total",
              "CPU time of the container",
              Cgroup::cpuUsage),
          counter(
              "ml_container_cpu_throttled_seconds_total",
              "Time that threads waited because the CPU limit was used up",
              Cgroup::cpuThrottled),
          gauge("ml_container_cpu_limit_cores", "CPU limit of the container", Cgroup::cpuLimit));

  private static Metric gauge(String name, String help, Function<Cgroup, OptionalDouble> value) {
    return new Metric(name, Collector.Type.GAUGE, help, value);
  }

  private static Metric counter(String name, String help, Function<Cgroup, OptionalDouble> value) {
    return new Metric(name, Collector.Type.COUNTER, help, value);
  }

  /** Reads the cgroup for each scrape. */
  static final class Reading extends Collector {

    private final Supplier<Cgroup> cgroup;

    Reading(Supplier<Cgroup> cgroup) {
      this.cgroup = cgroup;
    }

    @Override
    public List<MetricFamilySamples> collect() {
      Cgroup now = cgroup.get();
      return METRICS.stream().flatMap(metric -> family(metric, now)).toList();
    }

    private static Stream<MetricFamilySamples> family(Metric metric, Cgroup now) {
      return metric.value().apply(now).stream()
          .mapToObj(
              value ->
                  new MetricFamilySamples(
                      metric.name(),
                      metric.type(),
                      metric.help(),
                      List.of(
                          new MetricFamilySamples.Sample(
                              metric.name(), List.of(), List.of(), value))));
    }
  }
}
