package dev.modelserver.server.predict;

import dev.modelserver.server.json.JsonWriter;
import dev.modelserver.server.model.ModelIdentity;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the usual answers, a class with its probabilities for each row, as bytes that were made
 * when the model was loaded, with numbers between. Every other answer it leaves to {@link
 * RowWriter}, which writes the same ones byte for byte, slower.
 */
final class QuickAnswer {

  /** More classes are rarely asked for one by one. */
  private static final int MAX_CLASSES = 64;

  private final @Nullable String label;
  private final String scores;
  private final ClassNames classes;
  private final List<byte[]> keys;
  private final List<byte[]> names;
  private final byte[] suffix;
  private volatile Stamp stamp = new Stamp(Long.MIN_VALUE, new byte[0]);

  private QuickAnswer(
      @Nullable String label,
      String scores,
      ClassNames classes,
      ModelIdentity identity,
      String podName) {
    this.label = label;
    this.scores = scores;
    this.classes = classes;
    this.names = classes.names().stream().map(QuickAnswer::quoted).toList();
    this.keys = classes.names().stream().map(name -> bytes(text(name) + ":")).toList();
    this.suffix =
        bytes(
            "\",\"model\":"
                + text(identity.name())
                + ",\"model_version\":"
                + text(identity.version())
                + ",\"served_by_pod\":"
                + text(podName)
                + "}");
  }

  /** A writer for a classifier with names for its classes; null for other models. */
  static @Nullable QuickAnswer of(
      OutputRoles roles, ClassNames classes, ModelIdentity identity, String podName) {
    int count = classes.names().size();
    return roles.scores() != null && roles.others().isEmpty() && count > 0 && count <= MAX_CLASSES
        ? new QuickAnswer(roles.label(), roles.scores(), classes, identity, podName)
        : null;
  }

  /** The answer; null when the outputs are not of the usual form. */
  @Nullable JsonWriter write(
      RunOutputs outputs, int rows, boolean batch, Instant now, double millis) {
    Tensor scored = outputs.tensors().get(scores);
    Tensor labelled = label == null ? null : outputs.tensors().get(label);
    if (label != null && (labelled == null || labelled.shape().elements() != rows)) {
      return null;
    }
    JsonWriter json = new JsonWriter(256 + rows * (64 + 32 * keys.size()));
    json.raw(batch ? "{\"predictions\":[" : "{");
    for (int row = 0; row < rows; row++) {
      if (batch) {
        json.raw(row == 0 ? "{" : ",{");
      }
      Scores own = Scores.of(scored, row, rows);
      if (own == null || own.count() != keys.size() || !own.distribution()) {
        return null;
      }
      if (!row(json, labelled, own, row)) {
        return null;
      }
      if (batch) {
        json.raw("}");
      }
    }
    json.raw(batch ? "],\"processing_time_ms\":" : ",\"processing_time_ms\":");
    json.raw(Double.toString(millis)).raw(",\"timestamp\":\"").raw(stamp(now)).raw(suffix);
    return json;
  }

  private boolean row(JsonWriter json, @Nullable Tensor labelled, Scores own, int row) {
    int chosen;
    json.raw("\"prediction\":");
    if (labelled == null) {
      chosen = own.best();
      json.number(chosen);
    } else {
      Object given = PredictedClasses.label(labelled, row);
      chosen = classes.position(given);
      if (chosen < 0 || chosen >= keys.size()) {
        return false;
      }
      if (labelled instanceof NumericTensor numbers) {
        json.number(numbers.longAt(row));
      } else {
        json.string(given.toString());
      }
    }
    json.raw(",\"class\":").raw(names.get(chosen)).raw(",\"probabilities\":{");
    for (int i = 0; i < keys.size(); i++) {
      if (i > 0) {
        json.raw(",");
      }
      json.raw(keys.get(i)).number(own.type(), own.at(i));
    }
    json.raw("},\"confidence\":").number(own.type(), own.at(chosen));
    return true;
  }

  /** The time as text, made once in a millisecond. */
  private byte[] stamp(Instant now) {
    long millis = now.toEpochMilli();
    Stamp known = stamp;
    if (known.millis != millis) {
      known = new Stamp(millis, bytes(now.truncatedTo(ChronoUnit.MILLIS).toString()));
      stamp = known;
    }
    return known.text;
  }

  private static byte[] quoted(String name) {
    return new JsonWriter(name.length() + 2).string(name).toBytes();
  }

  private static String text(String name) {
    return new String(quoted(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, never given away
  private record Stamp(long millis, byte[] text) {}
}
