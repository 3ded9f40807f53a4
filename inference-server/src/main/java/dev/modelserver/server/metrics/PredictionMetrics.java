package dev.modelserver.server.metrics;

import dev.modelserver.server.inference.InferenceService;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.text.ForeignText;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The {@code ml_*} metrics of one model, all registered when it is loaded: a request only adds to
 * them.
 */
final class PredictionMetrics {

  /** Labels counted by name; the rest count as "other". */
  static final int MAX_CLASSES = 100;

  private final Map<String, LongAdder> predictions = new HashMap<>();
  private final LongAdder other;
  private final Map<Protocol, DurationHistogram> duration = new EnumMap<>(Protocol.class);
  private final DurationHistogram queue;
  private final DurationHistogram compute;
  private final LongAdder active = new LongAdder();

  PredictionMetrics(MeterRegistry registry, Scrape scrape, ServedModel model) {
    ModelIdentity identity = model.identity();
    String shown = label(identity.name());
    Tags tags = Tags.of("model", shown);
    List<String> classes = model.signature().classes();
    for (String name : classes.subList(0, Math.min(MAX_CLASSES, classes.size()))) {
      predictions.put(name, predictions(registry, tags, name));
    }
    other = predictions(registry, tags, "other");

    DurationHistograms durations =
        new DurationHistograms(
            "ml_prediction_duration_seconds",
            "From the request's last byte to the answer",
            "model",
            "protocol");
    for (Protocol protocol : Protocol.values()) {
      duration.put(protocol, durations.with(shown, protocol.label()));
    }
    scrape.add(durations);
    queue = histogram(scrape, "ml_queue_duration_seconds", "Waiting for a run", shown);
    compute = histogram(scrape, "ml_compute_duration_seconds", "In a run", shown);
    scrape.add(new BatchSizes(shown, model.service()));

    gauges(registry, tags, model);
  }

  private void gauges(MeterRegistry registry, Tags tags, ServedModel model) {
    ModelIdentity identity = model.identity();
    Gauge.builder("ml.active.requests", active, LongAdder::sum)
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
        .tags(tags.and("version", label(identity.version()), "digest", identity.digest().header()))
        .register(registry);
    InferenceService service = model.service();
    Gauge.builder("ml.inference.threads", service, InferenceService::threads)
        .description("Inferences that can run at once")
        .tags(tags)
        .register(registry);
    Gauge.builder("ml.onnxruntime.threads", service, s -> s.settings().intraOpThreads())
        .description("ONNX Runtime's threads within one inference")
        .tags(tags)
        .register(registry);
    Gauge.builder("ml.inference.queue.depth", service, InferenceService::waiting)
        .description("Requests that wait for a thread")
        .tags(tags)
        .register(registry);
    Gauge.builder("ml.inference.queue.limit", service, InferenceService::queueCapacity)
        .description("Requests that may wait for a thread; one more is refused")
        .tags(tags)
        .register(registry);
    Gauge.builder("ml.inference.stuck.threads", service, InferenceService::stuck)
        .description("Threads held by runs past their deadline")
        .tags(tags)
        .register(registry);
  }

  void begin() {
    active.increment();
  }

  void end() {
    active.decrement();
  }

  /** Counts one predicted row; null when the model gives no label. */
  void predicted(@Nullable String label) {
    LongAdder counter = label == null ? null : predictions.get(label);
    (counter == null ? other : counter).increment();
  }

  void took(Protocol protocol, long nanos) {
    DurationHistogram histogram = duration.get(protocol);
    if (histogram != null) {
      histogram.add(nanos);
    }
  }

  void ran(long queueNanos, long computeNanos) {
    queue.add(queueNanos);
    compute.add(computeNanos);
  }

  private static DurationHistogram histogram(
      Scrape scrape, String name, String help, String model) {
    DurationHistograms histograms = new DurationHistograms(name, help, "model");
    scrape.add(histograms);
    return histograms.with(model);
  }

  private static LongAdder predictions(MeterRegistry registry, Tags tags, String label) {
    LongAdder rows = new LongAdder();
    FunctionCounter.builder("ml.predictions", rows, LongAdder::sum)
        .description("Rows predicted, by class")
        .tags(tags.and("class", label(label)))
        .register(registry);
    return rows;
  }

  /** A model's maker chooses its name and its classes. */
  private static String label(String text) {
    return ForeignText.shown(text, ForeignText.LABEL);
  }
}
