package dev.modelserver.server.metrics;

import dev.modelserver.server.inference.InferenceService;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.ModelIdentity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code ml_*} metrics of one model, all registered when it is loaded: a request only adds to
 * them.
 */
final class PredictionMetrics {

  /** Labels counted by name; the rest count as "other". */
  static final int MAX_CLASSES = 100;

  private static final Duration[] BUCKETS =
      DoubleStream.of(0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
          .mapToObj(millis -> Duration.ofNanos((long) (millis * 1_000_000)))
          .toArray(Duration[]::new);

  private final Map<String, Counter> predictions = new HashMap<>();
  private final Counter other;
  private final Timer duration;
  private final AtomicInteger active = new AtomicInteger();

  PredictionMetrics(MeterRegistry registry, ServedModel model) {
    List<String> classes = model.signature().classes();
    ModelIdentity identity = model.identity();
    Tags tags = Tags.of("model", identity.name());
    for (String name : classes.subList(0, Math.min(MAX_CLASSES, classes.size()))) {
      predictions.put(name, predictions(registry, tags, name));
    }
    other = predictions(registry, tags, "other");
    duration =
        Timer.builder("ml.prediction.duration")
            .description("From the request's last byte to the answer")
            .tags(tags)
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    Gauge.builder("ml.active.requests", active, AtomicInteger::get)
        .description("Prediction requests under way")
        .tags(tags)
        .register(registry);
    Double accuracy = model.description().accuracy();
    if (accuracy != null) {
      Gauge.builder("ml.model.accuracy", accuracy, Double::doubleValue)
          .description("Accuracy its makers measured")
          .strongReference(true)
          .tags(tags)
          .register(registry);
    }
    Gauge.builder("ml.model.info", () -> 1)
        .description("Which model this is")
        .tags(tags.and("version", identity.version(), "digest", identity.digest().header()))
        .register(registry);
    InferenceService service = model.service();
    Gauge.builder("ml.inference.threads", service, InferenceService::threads)
        .description("Inferences that can run at once")
        .tags(tags)
        .register(registry);
    Gauge.builder("ml.inference.queue.depth", service, InferenceService::waiting)
        .description("Requests that wait for a thread")
        .tags(tags)
        .register(registry);
    Gauge.builder("ml.inference.stuck.threads", service, InferenceService::stuck)
        .description("Threads held by runs past their deadline")
        .tags(tags)
        .register(registry);
  }

  void begin() {
    active.incrementAndGet();
  }

  void end() {
    active.decrementAndGet();
  }

  /** Counts one predicted row; null when the model gives no label. */
  void predicted(@Nullable String label) {
    if (label != null) {
      predictions.getOrDefault(label, other).increment();
    } else {
      other.increment();
    }
  }

  void took(Duration time) {
    duration.record(time);
  }

  private static Counter predictions(MeterRegistry registry, Tags tags, String label) {
    return Counter.builder("ml.predictions")
        .description("Rows predicted, by class")
        .tags(tags.and("class", label))
        .register(registry);
  }
}
