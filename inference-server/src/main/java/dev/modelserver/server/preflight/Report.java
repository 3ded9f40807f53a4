package dev.modelserver.server.preflight;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.verdict.Reason;
import dev.modelserver.server.verification.Verification;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What preflight found out. Everything but reason and message may be unknown: null.
 *
 * @param bytes size of all files of the model
 * @param fetchTime time to fetch and verify
 * @param loadTime time to load and try
 * @param memoryPeak most memory of the container up to now, in bytes
 * @param verification what became of the golden requests; null also when there are none
 */
public record Report(
    Reason reason,
    String message,
    @Nullable Digest digest,
    @Nullable Long bytes,
    @Nullable Long opset,
    @Nullable Duration fetchTime,
    @Nullable Duration loadTime,
    @Nullable Long memoryPeak,
    @Nullable Signature signature,
    @Nullable Verification verification) {

  /** A report of nothing but a failure. */
  public static Report failed(Reason reason, String message) {
    return new Report(reason, message, null, null, null, null, null, null, null, null);
  }

  /** Whether the model is verified and loaded. */
  public boolean succeeded() {
    return reason == Reason.ModelLoaded;
  }
}
