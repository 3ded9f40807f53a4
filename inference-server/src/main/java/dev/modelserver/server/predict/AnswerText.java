package dev.modelserver.server.predict;

import dev.modelserver.server.http.Json;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.onnx.RunOutputs;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes every answer of {@code /predict}: the rows, and who answered when. */
final class AnswerText {

  private AnswerText() {}

  /**
   * The answer as JSON.
   *
   * @param batch whether the rows are a list
   * @param millis how long it took
   */
  static byte[] write(
      RowWriter writer,
      RunOutputs outputs,
      int rows,
      boolean batch,
      Instant now,
      double millis,
      ModelIdentity identity,
      String podName) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          if (batch) {
            json.writeArrayFieldStart("predictions");
            for (int row = 0; row < rows; row++) {
              json.writeStartObject();
              writer.write(json, outputs, row, rows);
              json.writeEndObject();
            }
            json.writeEndArray();
          } else {
            writer.write(json, outputs, 0, 1);
          }
          json.writeNumberField("processing_time_ms", millis);
          json.writeStringField("timestamp", now.truncatedTo(ChronoUnit.MILLIS).toString());
          json.writeStringField("model", identity.name());
          json.writeStringField("model_version", identity.version());
          json.writeStringField("served_by_pod", podName);
          json.writeEndObject();
        });
  }
}
