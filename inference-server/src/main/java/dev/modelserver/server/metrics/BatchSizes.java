package dev.modelserver.server.metrics;

import dev.modelserver.server.inference.InferenceService;
import dev.modelserver.server.inference.ModelStatistics;
import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ml_batch_size}: runs of the model by their number of rows, from the statistics that are
 * kept anyway.
 */
final class BatchSizes extends Collector {

  private static final String NAME = "ml_batch_size";
  private static final int LARGEST_BOUND = 1024;

  private final String model;
  private final InferenceService service;

  BatchSizes(String model, InferenceService service) {
    this.model = model;
    this.service = service;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return List.of(
        new MetricFamilySamples(
            NAME, Type.HISTOGRAM, "Rows of a run of the model", samples(service.statistics())));
  }

  private List<MetricFamilySamples.Sample> samples(ModelStatistics statistics) {
    List<MetricFamilySamples.Sample> samples = new ArrayList<>();
    for (int bound = 1; bound <= LARGEST_BOUND; bound *= 2) {
      // larger sizes are rounded up to a power of two, which moves none over a bound
      samples.add(bucket(doubleToGoString(bound), upTo(statistics, bound)));
    }
    long runs = upTo(statistics, Integer.MAX_VALUE);
    samples.add(bucket("+Inf", runs));
    samples.add(sample("_count", runs));
    samples.add(sample("_sum", statistics.inferences()));
    return samples;
  }

  private static long upTo(ModelStatistics statistics, int rows) {
    return statistics.batches().stream()
        .filter(batch -> batch.rows() <= rows)
        .mapToLong(batch -> batch.computeInfer().count())
        .sum();
  }

  private MetricFamilySamples.Sample bucket(String bound, long value) {
    return new MetricFamilySamples.Sample(
        NAME + "_bucket", List.of("model", "le"), List.of(model, bound), (double) value);
  }

  private MetricFamilySamples.Sample sample(String suffix, long value) {
    return new MetricFamilySamples.Sample(
        NAME + suffix, List.of("model"), List.of(model), (double) value);
  }
}
