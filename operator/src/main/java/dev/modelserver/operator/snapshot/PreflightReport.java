package dev.modelserver.operator.snapshot;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.operator.names.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The termination message of preflight (docs/server-contract.md). A newer operator keeps reading
 * the messages of older servers.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PreflightReport(
    int contract,
    String outcome,
    String reason,
    String message,
    @JsonProperty("final") boolean isFinal,
    @Nullable String sha256,
    @Nullable Long bytes,
    @Nullable Integer opset,
    @Nullable Long memoryPeakBytes,
    @Nullable Golden verification,
    @Nullable String signatureHash,
    @Nullable String signature) {
  /** How many golden requests were answered as expected, of how many. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Golden(int passed, int total) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_SIGNATURE = 1 << 20;
  private static final int LONGEST_SHOWN_SIGNATURE = 4096;
  private static final int LONGEST_MESSAGE = 4096;

  /** Reads a termination message; empty if it is not a report. */
  public static Optional<PreflightReport> parse(@Nullable String text) {
    if (text == null || !text.startsWith("{")) {
      return Optional.empty();
    }
    try {
      PreflightReport report = JSON.readValue(text, PreflightReport.class);
      boolean whole = report.outcome != null && report.reason != null && report.message != null;
      return whole ? Optional.of(report.checked()) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /**
   * With a reason that a condition can have, and that does not claim a success that it does not
   * tell: an image of the user's own may report anything.
   */
  private PreflightReport checked() {
    boolean usable =
        reason.matches("[A-Za-z][A-Za-z0-9]{0,63}")
            && (succeeded() || Reason.of(reason).filter(Reason::good).isEmpty());
    return new PreflightReport(
        contract,
        outcome,
        usable ? reason : Reason.PREFLIGHT_FAILED.word(),
        ForeignText.shown(message, LONGEST_MESSAGE),
        isFinal,
        sha256,
        bytes,
        opset,
        memoryPeakBytes,
        verification,
        signatureHash,
        signature);
  }

  /** Whether the model was verified and loaded. */
  public boolean succeeded() {
    return outcome.equals("Succeeded");
  }

  /** Whether it tells of a load under way only: what a killed preflight leaves behind. */
  public boolean started() {
    return outcome.equals("Started");
  }

  /** Whether it tells how far a download was that had to end: no verdict either. */
  public boolean interrupted() {
    return started() && Reason.DOWNLOADING.is(reason);
  }

  /** The signature for people, for example {@code (x: FP32[-1,4]) -> (y: INT64[-1])}. */
  public Optional<String> readableSignature() {
    if (signature == null) {
      return Optional.empty();
    }
    try (InflaterInputStream in =
        new InflaterInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(signature)))) {
      JsonNode tree = JSON.readTree(in.readNBytes(LONGEST_SIGNATURE));
      return Optional.of(
          ForeignText.shown(
              tensors(tree.path("inputs")) + " -> " + tensors(tree.path("outputs")),
              LONGEST_SHOWN_SIGNATURE));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String tensors(JsonNode list) {
    List<String> parts = new ArrayList<>();
    list.forEach(
        tensor ->
            parts.add(
                tensor.path("name").asText()
                    + ": "
                    + tensor.path("datatype").asText()
                    + tensor.path("shape").toString()));
    return "(" + String.join(", ", parts) + ")";
  }
}
