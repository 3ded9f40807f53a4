package dev.modelserver.server.predict;

import dev.modelserver.server.http.Json;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.metrics.PredictionMetrics;
import dev.modelserver.server.onnx.RunOutputs;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Everything about answering /predict with one model that is decided once, when the model is
 * loaded.
 */
final class Predictor {

  private final ServedModel model;
  private final InputLayout layout;
  private final RowWriter rows;
  private final PredictionMetrics metrics;
  private final String podName;

  Predictor(ServedModel model, MeterRegistry registry, String podName) {
    this.model = model;
    this.podName = podName;
    ClassNames classes = ClassNames.of(model.description(), model.labels());
    this.layout = InputLayout.of(model.signature(), model.description().features());
    this.rows = new RowWriter(OutputRoles.of(model.signature(), classes.names().size()), classes);
    this.metrics = new PredictionMetrics(registry, model, classes.names());
  }

  ServedModel model() {
    return model;
  }

  InputLayout layout() {
    return layout;
  }

  PredictionMetrics metrics() {
    return metrics;
  }

  /** The answer as JSON; counts its rows. */
  byte[] answer(Features features, RunOutputs outputs, Instant now, long startNanos) {
    byte[] answer =
        Json.bytes(
            json -> {
              json.writeStartObject();
              if (features.batch()) {
                json.writeArrayFieldStart("predictions");
                for (int row = 0; row < features.rows(); row++) {
                  json.writeStartObject();
                  metrics.predicted(rows.write(json, outputs, row, features.rows()));
                  json.writeEndObject();
                }
                json.writeEndArray();
              } else {
                metrics.predicted(rows.write(json, outputs, 0, 1));
              }
              json.writeNumberField(
                  "processing_time_ms", Math.round((System.nanoTime() - startNanos) / 1e3) / 1e3);
              json.writeStringField("timestamp", now.truncatedTo(ChronoUnit.MILLIS).toString());
              json.writeStringField("model", model.identity().name());
              json.writeStringField("model_version", model.identity().version());
              json.writeStringField("served_by_pod", podName);
              json.writeEndObject();
            });
    metrics.took(Duration.ofNanos(System.nanoTime() - startNanos));
    return answer;
  }
}
