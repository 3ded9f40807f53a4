package dev.modelserver.server.preflight;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The digest that the model must have.
 *
 * @param configured what the spec says; null: nothing
 * @param pinFile where the digest stands with which the revision began, if there is one; empty:
 *     there is none
 */
record ExpectedDigest(@Nullable Digest configured, Optional<Path> pinFile) {

  /** Any will do. */
  static final ExpectedDigest ANY = new ExpectedDigest(null, Optional.empty());

  /** Of what a digest is. */
  enum Subject {
    FILE(""),
    FILES(" (of the list of its files)"),
    SOURCE(" (of its manifest)");

    private final String addition;

    Subject(String addition) {
      this.addition = addition;
    }
  }

  /** Whether the spec asks for another one. */
  boolean differs(Digest found) {
    return configured != null && !configured.equals(found);
  }

  /** Compares with the spec's digest and with the pin. */
  void check(Digest found, Subject subject) throws PreflightException {
    if (differs(found)) {
      throw mismatch(found, subject, Preflight.WRONG_FILE);
    }
    Digest pinned = pin();
    if (pinned != null && !pinned.equals(found)) {
      throw new PreflightException(
          Reason.DigestMismatch,
          "the model's SHA-256 is %s, but this revision began with %s; put the old file back, or roll out the new one by setting spec.model.sha256"
              .formatted(found.hex(), pinned.hex()));
    }
  }

  /** What is to be told of another digest than the spec's. */
  PreflightException mismatch(Digest found, Subject subject, String remedy) {
    return new PreflightException(
        Reason.ChecksumMismatch,
        "the model's SHA-256 is %s%s, but spec.model.sha256 is %s%s"
            .formatted(
                found.hex(), subject.addition, configured == null ? "" : configured.hex(), remedy));
  }

  private @Nullable Digest pin() throws PreflightException {
    try {
      Path file = pinFile.orElse(null);
      return file != null && Files.isRegularFile(file) && Files.size(file) > 0
          ? new Digest(Files.readString(file).strip())
          : null;
    } catch (IOException | IllegalArgumentException e) {
      throw new PreflightException(
          Reason.InvalidConfiguration,
          "the digest pin of this revision cannot be read; it takes 64 hexadecimal digits");
    }
  }
}
