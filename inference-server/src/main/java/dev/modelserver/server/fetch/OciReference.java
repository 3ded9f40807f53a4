package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An artifact or image in an OCI registry. Registries are reached over https alone.
 *
 * @param registry host, and port where it is not 443, as the user wrote it, in lower case
 * @param repository as the registry's interface names it
 * @param reference a tag, or {@code sha256:} and 64 hexadecimal digits
 */
record OciReference(String registry, String repository, String reference) {

  private static final int LONGEST = 1000;

  /** The limit of the distribution specification. */
  private static final int LONGEST_REPOSITORY = 255;

  private static final String PART = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
  private static final Pattern FORM =
      Pattern.compile(
          "(?<registry>(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?)"
              + "/(?<repository>%s(?:/%s)*)".formatted(PART, PART)
              + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?"
              + "(?:@(?<digest>sha256:[0-9a-f]{64}))?");

  private static final String DIGEST = "sha256:";

  /**
   * Reads what follows {@code oci://}. Beside a digest a tag says nothing.
   *
   * @return empty when it is not of the form {@code HOST[:PORT]/REPOSITORY:TAG} or {@code
   *     HOST[:PORT]/REPOSITORY@sha256:DIGEST}
   */
  static Optional<OciReference> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    Matcher match = FORM.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    String registry = match.group("registry").toLowerCase(Locale.ROOT);
    String repository = match.group("repository");
    String digest = match.group("digest");
    String reference = digest != null ? digest : match.group("tag");
    if (reference == null || repository.length() > LONGEST_REPOSITORY || !isHost(registry)) {
      return Optional.empty();
    }
    return Optional.of(
        new OciReference(
            registry,
            isHub(registry) && !repository.contains("/") ? "library/" + repository : repository,
            reference));
  }

  /** The digest of the manifest, where the reference is one. */
  Optional<Digest> digest() {
    return reference.startsWith(DIGEST)
        ? Optional.of(new Digest(reference.substring(DIGEST.length())))
        : Optional.empty();
  }

  /** Where a manifest is, by its tag or digest. */
  URI manifest(String wanted) {
    return URI.create("https://%s/v2/%s/manifests/%s".formatted(server(), repository, wanted));
  }

  /** Where a blob is. */
  URI blob(Digest digest) {
    return URI.create(
        "https://%s/v2/%s/blobs/%s%s".formatted(server(), repository, DIGEST, digest.hex()));
  }

  /** Whether this is Docker Hub, whose names and whose server differ. */
  boolean isHub() {
    return isHub(registry);
  }

  private String server() {
    return isHub() ? "registry-1.docker.io" : registry;
  }

  private static boolean isHub(String registry) {
    return registry.equals("docker.io")
        || registry.equals("index.docker.io")
        || registry.equals("registry-1.docker.io");
  }

  private static boolean isHost(String registry) {
    URI uri;
    try {
      uri = URI.create("https://" + registry);
    } catch (IllegalArgumentException e) {
      return false;
    }
    return uri.getHost() != null && uri.getPort() <= 65_535 && uri.getPort() != 0;
  }

  /** For messages: it has no secret. */
  @Override
  public String toString() {
    return "oci://%s/%s%s%s"
        .formatted(registry, repository, digest().isPresent() ? "@" : ":", reference);
  }
}
