package dev.modelserver.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.ServedTestModel;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.model.Signature;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // as Scrape, whose registry Quarkus brings
class PredictionMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void countsSoManyClassesByNameAndTheRestTogether() throws ModelLoadException {
    List<String> classes =
        IntStream.rangeClosed(1, 150).mapToObj(number -> "class-" + number).toList();
    try (ServedTestModel served = ServedTestModel.load("softmax")) {
      PredictionMetrics metrics =
          new PredictionMetrics(registry, scrape(), with(served.model(), classes));

      classes.forEach(metrics::predicted);
      metrics.predicted(null);
    }

    assertThat(count("class-1")).isEqualTo(1);
    assertThat(count("class-100")).isEqualTo(1);
    assertThat(registry.find("ml.predictions").tag("class", "class-101").functionCounter())
        .isNull();
    assertThat(count("other")).isEqualTo(51);
    assertThat(registry.find("ml.predictions").functionCounters()).hasSize(101);
  }

  @Test
  void showsNoCharacterOfAClassThatCannotBeSeen() throws ModelLoadException {
    String hostile = "a\u001b[2J\u009b\u202e\u2028b" + "c".repeat(1000);
    try (ServedTestModel served = ServedTestModel.load("softmax")) {
      PredictionMetrics metrics =
          new PredictionMetrics(registry, scrape(), with(served.model(), List.of(hostile)));

      metrics.predicted(hostile);
    }

    String label = "a\\u001b[2J\\u009b\\u202e\\u2028b" + "c".repeat(247) + "…";
    assertThat(count(label)).isEqualTo(1);
  }

  private static Scrape scrape() {
    return new Scrape(
        new io.micrometer.prometheus.PrometheusMeterRegistry(
            io.micrometer.prometheus.PrometheusConfig.DEFAULT));
  }

  private double count(String label) {
    return registry.get("ml.predictions").tag("class", label).functionCounter().count();
  }

  private static ServedModel with(ServedModel model, List<String> classes) {
    Signature signature = model.signature();
    return new ServedModel(
        model.identity(),
        model.description(),
        new Signature(signature.inputs(), signature.optionalInputs(), signature.outputs(), classes),
        model.roles(),
        model.axes(),
        model.opset(),
        model.service());
  }
}
