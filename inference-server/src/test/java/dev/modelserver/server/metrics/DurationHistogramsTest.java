package dev.modelserver.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationHistogramsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1.0E-5",
    "10000, 1.0E-5",
    "10001, 2.5E-5",
    "1000000, 0.001",
    "1000001, 0.0025",
    "5000000000, 5.0",
    "10000000000, 10.0",
    "10000000001, +Inf",
  })
  void aTimeIsInTheFirstBucketThatHoldsIt(long nanos, String bound) throws IOException {
    DurationHistograms family = new DurationHistograms("x_seconds", "help", "model");
    family.with("m").add(nanos);

    assertThat(text(family).lines().filter(line -> line.endsWith(" 1.0")).findFirst())
        .hasValue("x_seconds_bucket{model=\"m\",le=\"" + bound + "\",} 1.0");
  }

  @Test
  void bucketsAreCumulativeAndSumsAreSeconds() throws IOException {
    DurationHistograms family = new DurationHistograms("x_seconds", "help", "model");
    family.with("a").add(20_000);
    family.with("a").add(3_000_000_000L);
    family.with("b").add(1);

    assertThat(text(family).lines())
        .contains(
            "# TYPE x_seconds histogram",
            "x_seconds_bucket{model=\"a\",le=\"1.0E-5\",} 0.0",
            "x_seconds_bucket{model=\"a\",le=\"2.5E-5\",} 1.0",
            "x_seconds_bucket{model=\"a\",le=\"2.5\",} 1.0",
            "x_seconds_bucket{model=\"a\",le=\"5.0\",} 2.0",
            "x_seconds_bucket{model=\"a\",le=\"+Inf\",} 2.0",
            "x_seconds_count{model=\"a\",} 2.0",
            "x_seconds_sum{model=\"a\",} 3.00002",
            "x_seconds_count{model=\"b\",} 1.0");
  }

  static String text(DurationHistograms family) throws IOException {
    CollectorRegistry registry = new CollectorRegistry();
    registry.register(family);
    StringWriter text = new StringWriter();
    io.prometheus.client.exporter.common.TextFormat.write004(text, registry.metricFamilySamples());
    return text.toString();
  }
}
