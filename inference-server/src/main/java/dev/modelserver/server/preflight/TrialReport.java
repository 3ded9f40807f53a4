package dev.modelserver.server.preflight;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.model.EmptyAxes;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.verdict.Reason;
import dev.modelserver.server.verification.Verification;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a trial process found out about a model.
 *
 * @param reason {@link Reason#ModelLoaded}, or why it cannot be served
 * @param message the sentence for a failure
 * @param loadTime time to load and try; null where it did not load
 * @param signature null where it did not load
 * @param silence why no run gave an answer; null when one did
 * @param emptyAxes what ran with empty inputs
 * @param verification what became of the golden requests; null when there are none
 */
record TrialReport(
    Reason reason,
    String message,
    @Nullable Duration loadTime,
    @Nullable Signature signature,
    @Nullable String silence,
    EmptyAxes emptyAxes,
    @Nullable Verification verification) {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final int MAX_WORDS = 400;

  static TrialReport failed(Reason reason, String message) {
    return new TrialReport(reason, message, null, null, null, EmptyAxes.NONE, null);
  }

  /**
   * What is to be told of a model that was loaded all the same; empty where there is nothing.
   *
   * @param crashes how each process ended that did
   */
  String warnings(List<String> crashes) {
    StringBuilder warnings = new StringBuilder();
    if (silence != null) {
      warnings.append(
          "; but no run of it has succeeded yet, on values of the server's own (%s): add a request of yours to spec.verification.requests"
              .formatted(silence));
    }
    if (!crashes.isEmpty()) {
      warnings.append(
          "; %d trial runs ended their process (%s): such values are not run when it starts to serve"
              .formatted(
                  crashes.size(),
                  ReportMessage.cut(String.join("; ", new LinkedHashSet<>(crashes)), MAX_WORDS)));
    }
    return warnings.toString();
  }

  /** On one line. */
  String json() {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("reason", reason.name());
      json.writeStringField("message", message);
      if (loadTime != null) {
        json.writeNumberField("loadNanos", loadTime.toNanos());
      }
      if (signature != null) {
        json.writeStringField("signature", SignatureText.encode(signature));
      }
      if (silence != null) {
        json.writeStringField("silence", silence);
      }
      json.writeFieldName("emptyAxes");
      emptyAxes.write(json);
      if (verification != null) {
        json.writeNumberField("goldenRequests", verification.total());
        json.writeArrayFieldStart("goldenFailures");
        for (String failure : verification.failures()) {
          json.writeString(failure);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    return out.toString();
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static TrialReport parse(String text) {
    try {
      JsonNode root = MAPPER.readTree(text);
      return new TrialReport(
          Reason.valueOf(root.path("reason").asText()),
          root.path("message").asText(),
          root.has("loadNanos") ? Duration.ofNanos(root.get("loadNanos").asLong()) : null,
          root.has("signature") ? SignatureText.decode(root.get("signature").asText()) : null,
          root.has("silence") ? root.get("silence").asText() : null,
          EmptyAxes.read(root.path("emptyAxes")),
          root.has("goldenRequests") ? verification(root) : null);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a report of a trial", e);
    }
  }

  private static Verification verification(JsonNode root) {
    List<String> failures = new ArrayList<>();
    root.path("goldenFailures").forEach(failure -> failures.add(failure.asText()));
    return new Verification(root.get("goldenRequests").asInt(), failures);
  }
}
