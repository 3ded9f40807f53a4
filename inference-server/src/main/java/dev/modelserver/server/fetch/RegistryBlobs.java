package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Copies blobs of a registry to files, each compared with its digest. */
record RegistryBlobs(OciReference reference, Network network, RegistryClient client) {

  /** A digest that differs is no reason to retry for long: one more try tells a broken copy. */
  private static final int TRIES = 2;

  /**
   * Copies one blob. A broken connection is continued: the digest tells the version.
   *
   * @param name of the file in the store
   */
  Digest copy(OciDescriptor blob, ModelStore store, String name) throws PreflightException {
    store.announce(blob.size());
    AtomicLong mostKept = new AtomicLong();
    for (int tries = 1; ; tries++) {
      Digest found =
          Attempts.retrying(
              network.limits().retrying(),
              deadline -> {
                try {
                  return attempt(blob, store, name, deadline);
                } catch (TransientFailure e) {
                  long kept = kept(blob, store, name);
                  throw kept > mostKept.getAndAccumulate(kept, Math::max) ? e.afterProgress() : e;
                }
              });
      if (found.equals(blob.digest())) {
        return found;
      }
      store.remove(name);
      if (tries == TRIES) {
        throw mismatch(reference, blob);
      }
    }
  }

  /** What to tell of a blob with another digest than the manifest says. */
  static PreflightException mismatch(OciReference reference, OciDescriptor blob) {
    return new PreflightException(
        Reason.DownloadFailed,
        "the registry of %s sent other content than the blob %s has; check the registry, and what stands between, or push the model again"
            .formatted(reference, blob.name()));
  }

  private Digest attempt(OciDescriptor blob, ModelStore store, String name, long deadline)
      throws PreflightException, TransientFailure, InterruptedException {
    long offset = kept(blob, store, name);
    URI uri = reference.blob(blob.digest());
    return client.get(
        uri,
        offset == 0 ? Map.of() : Map.of("Range", "bytes=%d-".formatted(offset)),
        deadline,
        (answer, body) -> copy(blob, answer, offset, body, store, name));
  }

  /** How much of the blob an earlier attempt left. */
  private static long kept(OciDescriptor blob, ModelStore store, String name) {
    return store
        .left(name)
        .filter(left -> left.version().equals(Optional.of(blob.name())))
        .map(ModelStore.Part::offset)
        .filter(left -> left < blob.size())
        .orElse(0L);
  }

  private Digest copy(
      OciDescriptor blob,
      RegistryClient.Answer answer,
      long asked,
      InputStream body,
      ModelStore store,
      String name)
      throws PreflightException, IOException {
    long offset = answer.status() == 206 ? asked : 0;
    requireRange(answer, offset);
    long size = answer.response().headers().firstValueAsLong("Content-Length").orElse(-1);
    if (size >= 0 && size != blob.size() - offset) {
      throw new PreflightException(
          Reason.DownloadFailed,
          "the registry of %s sends %d bytes of the blob %s, of which its manifest says %d; push the model again"
              .formatted(reference, size, blob.name(), blob.size() - offset));
    }
    return network.copy(
        reference.blob(blob.digest()),
        body,
        new ModelStore.Part(offset, blob.size(), Optional.of(blob.name())),
        store,
        name);
  }

  /** A part that begins elsewhere would be noticed by its digest, after all of it came. */
  private static void requireRange(RegistryClient.Answer answer, long offset) throws IOException {
    String range = answer.header("Content-Range").orElse("");
    if (answer.status() == 206 && !range.startsWith("bytes %d-".formatted(offset))) {
      throw new IOException("another range came");
    }
  }
}
