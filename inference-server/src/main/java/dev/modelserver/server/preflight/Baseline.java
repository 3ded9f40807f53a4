package dev.modelserver.server.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The signature that clients rely on: that of the last good revision when this one was made.
 *
 * @param revision its name, for people
 * @param hash hash of the signature
 * @param signature the signature; null where it was too large to be kept
 */
record Baseline(String revision, String hash, @Nullable Signature signature) {

  /** Name of the file, beside the configuration file. */
  static final String FILE = "baseline.json";

  private static final int MOST_SHOWN = 4;
  private static final int MAX_WORDS = 250;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads the file; empty where there is none: nothing is relied on. */
  static Optional<Baseline> read(Path configFile) throws PreflightException {
    Path file = configFile.resolveSibling(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      String hash = root.path("signatureHash").asText();
      if (hash.isEmpty()) {
        throw new IllegalArgumentException("no hash");
      }
      return Optional.of(
          new Baseline(
              root.path("revision").asText(),
              hash,
              root.hasNonNull("signature")
                  ? SignatureText.decode(root.get("signature").asText())
                  : null));
    } catch (IOException | IllegalArgumentException e) {
      throw new PreflightException(
          Reason.InvalidConfiguration,
          FILE + " of this revision cannot be read; use a server image of the operator's version");
    }
  }

  /** Refuses a signature that would break clients. */
  void check(Signature given) throws PreflightException {
    if (hash.equals(SignatureText.hash(given))) {
      return;
    }
    List<String> changes =
        signature == null
            ? List.of(
                "it differs, and only an identical one is known to be compatible: it is too large to be kept")
            : BreakingChanges.between(signature, given);
    if (!changes.isEmpty()) {
      throw new PreflightException(Reason.BreakingSignature, sentence(changes));
    }
  }

  private String sentence(List<String> changes) {
    List<String> shown =
        changes.stream()
            .limit(MOST_SHOWN)
            .map(change -> ReportMessage.cut(change, MAX_WORDS))
            .toList();
    String more =
        changes.size() > MOST_SHOWN ? "; and %d more".formatted(changes.size() - MOST_SHOWN) : "";
    return "the model's signature breaks clients of revision %s: %s%s; keep the signature, or set spec.rollout.signaturePolicy to Any"
        .formatted(revision, String.join("; ", shown), more);
  }
}
