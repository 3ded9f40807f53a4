package dev.modelserver.server.preflight;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.text.ForeignText;
import dev.modelserver.server.verdict.Reason;
import dev.modelserver.server.verification.Verification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
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
    String sentence = cut(ForeignText.shown(report.message(), MAX_SENTENCE), MAX_SENTENCE);
    byte[] message = write(report, sentence, true);
    if (message.length > MAX_BYTES) {
      message = write(report, sentence, false);
    }
    // a sentence of characters that take several bytes each
    for (int length = sentence.length() / 2; message.length > MAX_BYTES; length /= 2) {
      message = write(report, cut(sentence, length), false);
    }
    return message;
  }

  private static byte[] write(Report report, String sentence, boolean withSignature) {
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
          Verification verification = report.verification();
          if (verification != null) {
            json.writeObjectFieldStart("verification");
            json.writeNumberField("passed", verification.passed());
            json.writeNumberField("total", verification.total());
            json.writeEndObject();
          }
          if (report.fetchTime() != null || report.loadTime() != null) {
            json.writeObjectFieldStart("timings");
            number(json, "fetchMillis", millis(report.fetchTime()));
            number(json, "loadMillis", millis(report.loadTime()));
            json.writeEndObject();
          }
          number(json, "memoryPeakBytes", report.memoryPeak());
          Signature signature = report.signature();
          if (signature != null) {
            json.writeStringField("signatureHash", SignatureText.hash(signature));
            if (withSignature) {
              json.writeStringField("signature", SignatureText.encode(signature));
            }
          }
          json.writeEndObject();
        });
  }

  private static String outcome(Reason reason) {
    return switch (reason) {
      case ModelLoaded -> "Succeeded";
      case Loading, Downloading -> "Started";
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

  static String cut(String text, int length) {
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
