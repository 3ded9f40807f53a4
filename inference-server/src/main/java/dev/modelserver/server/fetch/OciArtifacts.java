package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a model out of an OCI registry: from an artifact, whose layers are files with names, or
 * from an image that has the model in its file system. The digest of the whole is that of the
 * manifest, or of the index, that the reference names; it covers all the rest.
 */
final class OciArtifacts implements SourceReader {

  /** The limit that registries are asked to have. */
  private static final int MOST_BYTES = 4 << 20;

  private final OciReference reference;
  private final Optional<String> file;
  private final StoreAccess access;
  private final RegistryTokens tokens;
  private @Nullable Resolved resolved;
  private @Nullable ModelFiles files;

  /**
   * A reader.
   *
   * @param file which file is the model; empty: the only one that can be
   */
  OciArtifacts(OciReference reference, Optional<String> file, StoreAccess access)
      throws PreflightException {
    this.reference = reference;
    this.file = file;
    this.access = access;
    this.tokens = new RegistryTokens(reference, access, RegistryLogin.of(reference, access));
  }

  /** What the reference leads to. */
  private record Resolved(Digest identity, OciDocument.Manifest manifest) {}

  /** A manifest or an index, and the digest of its bytes. */
  private record Document(Digest digest, OciDocument content) {}

  /** The files of one artifact or image. */
  interface ModelFiles {

    /** Name of the model's file without its folder. */
    String fileName();

    Digest copyModel(RegistryClient client, ModelStore store) throws PreflightException;

    Digest copyExternal(String location, RegistryClient client, ModelStore store)
        throws PreflightException;

    /** Takes away what was copied and is not part of the model. */
    void finish(ModelStore store) throws PreflightException;
  }

  @Override
  public String fileName() {
    return known(files).fileName();
  }

  @Override
  public boolean remote() {
    return true;
  }

  @Override
  public Optional<Digest> identity() throws PreflightException {
    return Optional.of(resolve().identity());
  }

  @Override
  public Digest copyModel(ModelStore store) throws PreflightException {
    OciDocument.Manifest manifest = resolve().manifest();
    ModelFiles found =
        manifest.isArtifact()
            ? TitledLayers.of(reference, manifest, file, access.network())
            : ImageLayers.of(reference, manifest, file, access.network());
    files = found;
    try (RegistryClient client = new RegistryClient(reference, access, tokens)) {
      return found.copyModel(client, store);
    }
  }

  @Override
  public Digest copyExternal(String location, ModelStore store) throws PreflightException {
    try (RegistryClient client = new RegistryClient(reference, access, tokens)) {
      return known(files).copyExternal(location, client, store);
    }
  }

  @Override
  public void finish(ModelStore store) throws PreflightException {
    known(files).finish(store);
  }

  private Resolved resolve() throws PreflightException {
    Resolved known = resolved;
    if (known != null) {
      return known;
    }
    try (RegistryClient client = new RegistryClient(reference, access, tokens)) {
      Document first = document(client, reference.reference(), reference.digest());
      OciDocument content = first.content();
      if (content instanceof OciDocument.Index index) {
        OciDescriptor chosen = index.of(platform(), reference);
        content = document(client, chosen.name(), Optional.of(chosen.digest())).content();
      }
      if (!(content instanceof OciDocument.Manifest manifest)) {
        throw new PreflightException(
            Reason.InvalidModel,
            "%s is an index of indexes; push an index of manifests".formatted(reference));
      }
      known = new Resolved(first.digest(), manifest);
      resolved = known;
      return known;
    }
  }

  private Document document(RegistryClient client, String wanted, Optional<Digest> expected)
      throws PreflightException {
    byte[] bytes =
        Attempts.retrying(
            access.network().limits().retrying(),
            deadline ->
                client.get(
                    reference.manifest(wanted),
                    Map.of("Accept", OciDocument.ACCEPT),
                    deadline,
                    (_, body) -> access.network().small(body, MOST_BYTES + 1)));
    if (bytes.length > MOST_BYTES) {
      throw new PreflightException(
          Reason.InvalidModel,
          "the manifest of %s has more than %d bytes; push it with fewer layers"
              .formatted(reference, MOST_BYTES));
    }
    Digest found = Digest.of(bytes);
    if (expected.isPresent() && !expected.get().equals(found)) {
      throw new PreflightException(
          Reason.DownloadFailed,
          "the registry answered a manifest with the SHA-256 %s for %s of %s; check the registry, and what stands between"
              .formatted(found.hex(), wanted, reference));
    }
    return new Document(found, OciDocument.read(bytes, reference));
  }

  /** As images call this machine's. */
  private static String platform() {
    String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return "linux/"
        + switch (machine) {
          case "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          default -> machine;
        };
  }

  private static ModelFiles known(@Nullable ModelFiles files) {
    if (files == null) {
      throw new IllegalStateException("the model is copied first");
    }
    return files;
  }
}
