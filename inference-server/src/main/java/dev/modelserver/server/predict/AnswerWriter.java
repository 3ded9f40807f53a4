package dev.modelserver.server.predict;

import dev.modelserver.server.json.JsonWriter;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.onnx.RunOutputs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Writes every answer of {@code /predict}: the rows, and who answered when. What is the same in all
 * answers was made when the model was loaded.
 */
final class AnswerWriter {

  /** About how long what is around the rows is, but for the suffix. */
  private static final int HEAD_BYTES = 96;

  private final RowWriter writer;
  private final byte[] suffix;
  private volatile Stamp stamp = new Stamp(Long.MIN_VALUE, new byte[0]);

  /**
   * Prepares for a model.
   *
   * @param podName who answers
   */
  AnswerWriter(RowWriter writer, ModelIdentity identity, String podName) {
    this.writer = writer;
    this.suffix =
        new JsonWriter(256)
            .raw("\",\"model\":")
            .string(identity.name())
            .raw(",\"model_version\":")
            .string(identity.version())
            .raw(",\"served_by_pod\":")
            .string(podName)
            .raw("}")
            .toBytes();
  }

  /**
   * The answer.
   *
   * @param batch whether the rows are a list
   * @param top how many classes are written: when there are more, those with the highest scores
   * @param millis how long it took
   */
  JsonWriter write(
      RunOutputs outputs, int rows, boolean batch, int top, Instant now, double millis) {
    JsonWriter json = new JsonWriter(HEAD_BYTES + suffix.length + rows * writer.expectedBytes());
    json.raw("{");
    if (batch) {
      json.raw("\"predictions\":[");
      for (int row = 0; row < rows; row++) {
        json.raw(row == 0 ? "{" : ",{");
        boolean _ = writer.write(json, outputs, row, rows, top);
        json.raw("}");
      }
      json.raw("],");
    } else if (writer.write(json, outputs, 0, rows, top)) {
      json.raw(",");
    }
    return json.raw("\"processing_time_ms\":")
        .raw(Double.toString(millis))
        .raw(",\"timestamp\":\"")
        .raw(stamp(now))
        .raw(suffix);
  }

  /** The time as text, made once in a millisecond. */
  private byte[] stamp(Instant now) {
    long millis = now.toEpochMilli();
    Stamp known = stamp;
    if (known.millis != millis) {
      String text = now.truncatedTo(ChronoUnit.MILLIS).toString();
      known = new Stamp(millis, text.getBytes(StandardCharsets.US_ASCII));
      stamp = known;
    }
    return known.text;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, never given away
  private record Stamp(long millis, byte[] text) {}
}
