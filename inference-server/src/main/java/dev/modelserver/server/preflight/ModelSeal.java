package dev.modelserver.server.preflight;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.model.ModelDirectory.Entry;
import dev.modelserver.server.model.TrialResults;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** The digest in the model's directory, without which serve does not load what lies there. */
final class ModelSeal {

  private ModelSeal() {}

  /** Takes away what an earlier preflight left, and makes the directory where there is none. */
  static void remove(ModelDirectory target) throws PreflightException {
    try {
      Files.createDirectories(target.path());
      Files.deleteIfExists(target.path().resolve(ModelDirectory.DIGEST_FILE));
      Files.deleteIfExists(target.path().resolve(TrialResults.FILE));
    } catch (IOException e) {
      throw unwritable(e, "mount an emptyDir there");
    }
  }

  /**
   * Writes what the trials found out, and last the digest.
   *
   * @param identity the digest that the source gives the whole; empty: that of the files
   */
  static void set(
      ModelDirectory target, Optional<Digest> identity, List<Entry> files, TrialResults results)
      throws PreflightException {
    try {
      results.write(target, identity.orElse(ModelDirectory.digest(files)));
      if (identity.isPresent()) {
        target.seal(identity.get(), files);
      } else {
        target.seal(files);
      }
    } catch (IOException e) {
      throw unwritable(e, "raise the ephemeral storage of the pod");
    }
  }

  private static PreflightException unwritable(IOException e, String remedy) {
    return new PreflightException(
        Reason.DownloadFailed,
        "the model directory cannot be written: %s; %s"
            .formatted(e.getClass().getSimpleName(), remedy));
  }
}
