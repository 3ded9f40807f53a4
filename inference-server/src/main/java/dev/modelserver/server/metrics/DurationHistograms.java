package dev.modelserver.server.metrics;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The histograms of one name, by the values of their labels, as Prometheus' client reads them. */
final class DurationHistograms extends Collector {

  private final String name;
  private final String help;
  private final List<String> labels;
  private final Map<List<String>, DurationHistogram> children = new ConcurrentHashMap<>();

  /**
   * No histogram yet.
   *
   * @param name ends in {@code _seconds}
   */
  DurationHistograms(String name, String help, String... labels) {
    this.name = name;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** The histogram of these label values, made when it is asked for the first time. */
  DurationHistogram with(String... values) {
    return children.computeIfAbsent(List.of(values), key -> new DurationHistogram());
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples.Sample> samples = new ArrayList<>();
    children.forEach((values, histogram) -> add(samples, values, histogram));
    return List.of(new MetricFamilySamples(name, Type.HISTOGRAM, help, samples));
  }

  private void add(
      List<MetricFamilySamples.Sample> samples, List<String> values, DurationHistogram histogram) {
    List<String> names = new ArrayList<>(labels);
    names.add("le");
    long[] bounds = DurationHistogram.BOUNDS;
    long[] cumulative = histogram.cumulative();
    for (int i = 0; i < cumulative.length; i++) {
      List<String> bucket = new ArrayList<>(values);
      bucket.add(i < bounds.length ? doubleToGoString(bounds[i] / 1e9) : "+Inf");
      samples.add(new MetricFamilySamples.Sample(name + "_bucket", names, bucket, cumulative[i]));
    }
    long count = cumulative[cumulative.length - 1];
    samples.add(new MetricFamilySamples.Sample(name + "_count", labels, values, count));
    samples.add(
        new MetricFamilySamples.Sample(name + "_sum", labels, values, histogram.sum() / 1e9));
  }
}
