package dev.modelserver.server.preflight;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A report as the termination message of the contract. Never more than 3,500 bytes: the kubelet
 * keeps the last 4,096 of a longer one, which would be broken JSON.
 */
final class ReportMessage {

  static final int MAX_BYTES = 3500;
  private static final int MAX_SENTENCE = 1500;
  private static final int CONTRACT = 1;
  private static final JsonFactory JSON = new JsonFactory();

  private ReportMessage() {}

  static byte[] of(Report report) {
    String sentence = cut(report.message(), MAX_SENTENCE);
    byte[] signature = report.signature() == null ? null : signatureJson(report.signature());
    byte[] message = write(report, sentence, signature, true);
    if (message.length > MAX_BYTES) {
      message = write(report, sentence, signature, false);
    }
    // a sentence of characters that take several bytes each
    for (int length = sentence.length() / 2; message.length > MAX_BYTES; length /= 2) {
      message = write(report, cut(sentence, length), signature, false);
    }
    return message;
  }

  static byte[] signatureJson(Signature signature) {
    return bytes(
        json -> {
          json.writeStartObject();
          TensorSpec.write(json, "inputs", signature.inputs());
          TensorSpec.write(json, "outputs", signature.outputs());
          json.writeArrayFieldStart("classes");
          for (String name : signature.classes()) {
            json.writeString(name);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static byte[] write(
      Report report, String sentence, byte @Nullable [] signature, boolean withSignature) {
    return bytes(
        json -> {
          json.writeStartObject();
          json.writeNumberField("contract", CONTRACT);
          json.writeStringField("outcome", outcome(report.reason()));
          json.writeStringField("reason", report.reason().name());
          json.writeStringField("message", sentence);
          json.writeBooleanField("final", report.reason().finalCause());
          if (report.digest() != null) {
            json.writeStringField("sha256", report.digest().hex());
          }
          number(json, "bytes", report.bytes());
          number(json, "opset", report.opset());
          if (report.fetchTime() != null || report.loadTime() != null) {
            json.writeObjectFieldStart("timings");
            number(json, "fetchMillis", millis(report.fetchTime()));
            number(json, "loadMillis", millis(report.loadTime()));
            json.writeEndObject();
          }
          number(json, "memoryPeakBytes", report.memoryPeak());
          if (signature != null) {
            json.writeStringField("signatureHash", Digest.of(signature).hex());
            if (withSignature) {
              json.writeStringField(
                  "signature", Base64.getEncoder().encodeToString(deflated(signature)));
            }
          }
          json.writeEndObject();
        });
  }

  private static String outcome(Reason reason) {
    return switch (reason) {
      case ModelLoaded -> "Succeeded";
      case Loading -> "Started";
      default -> "Failed";
    };
  }

  private static void number(JsonGenerator json, String field, @Nullable Long value)
      throws IOException {
    if (value != null) {
      json.writeNumberField(field, value);
    }
  }

  private static @Nullable Long millis(@Nullable Duration time) {
    return time == null ? null : Long.valueOf(time.toMillis());
  }

  private static byte[] deflated(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try (DeflaterOutputStream stream = new DeflaterOutputStream(out, deflater)) {
      stream.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    } finally {
      deflater.end();
    }
    return out.toByteArray();
  }

  private static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = Math.max(0, length - 1);
    return text.substring(
            0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + "…";
  }

  private static byte[] bytes(Writer writer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      writer.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    return out.toByteArray();
  }

  @FunctionalInterface
  private interface Writer {
    void write(JsonGenerator json) throws IOException;
  }
}
