package dev.modelserver.operator.revision;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The signature that a revision must stay compatible with: that of the last good revision when its
 * rollout began (docs/adr/0011-signature-baseline.md). Its preflight compares.
 *
 * @param revision hash of the revision it is taken from
 * @param signatureHash hash of the signature
 * @param signature the signature as preflight reported it; null where it was too large to report:
 *     then only an identical one is compatible
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"revision", "signatureHash", "signature"})
public record Baseline(String revision, String signatureHash, @Nullable String signature) {
  /** Key in the revision's ConfigMap and name of the mounted file. */
  public static final String FILE = "baseline.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What clients of a revision rely on, if its preflight told. */
  static Optional<Baseline> of(Revision good) {
    return good.report()
        .flatMap(
            report ->
                Optional.ofNullable(report.signatureHash())
                    .map(hash -> new Baseline(good.hash(), hash, report.signature())));
  }

  static Optional<Baseline> parse(@Nullable String text) {
    try {
      return text == null || text.isEmpty()
          ? Optional.empty()
          : Optional.ofNullable(JSON.readValue(text, Baseline.class))
              .filter(b -> b.revision() != null && b.signatureHash() != null);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  String text() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a baseline cannot be written", e);
    }
  }
}
