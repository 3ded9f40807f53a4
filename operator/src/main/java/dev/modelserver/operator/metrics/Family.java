package dev.modelserver.operator.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.util.ArrayList;
import java.util.List;

/** The samples of one metric while a scrape collects them. */
final class Family {
  private final String name;
  private final Collector.Type type;
  private final String help;
  private final List<String> labels;
  private final List<MetricFamilySamples.Sample> samples = new ArrayList<>();

  private Family(String name, Collector.Type type, String help, List<String> labels) {
    this.name = name;
    this.type = type;
    this.help = help;
    this.labels = labels;
  }

  static Family gauge(String name, String help, String... labels) {
    return new Family(name, Collector.Type.GAUGE, help, List.of(labels));
  }

  /** The name ends in {@code _total}. */
  static Family counter(String name, String help, String... labels) {
    return new Family(name, Collector.Type.COUNTER, help, List.of(labels));
  }

  void add(double value, String... labelValues) {
    samples.add(new MetricFamilySamples.Sample(name, labels, List.of(labelValues), value));
  }

  void add(long value, String... labelValues) {
    add((double) value, labelValues);
  }

  MetricFamilySamples collected() {
    return new MetricFamilySamples(name, type, help, samples);
  }
}
