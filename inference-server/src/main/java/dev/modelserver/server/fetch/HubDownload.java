package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches the files of a model from a Hugging Face hub: {@code HUB/ORG/REPO/resolve/REVISION/PATH},
 * which redirects to a host for downloads.
 *
 * @param hub URL of the hub, without a slash at its end
 */
record HubDownload(ModelSource.HubFile file, URI hub, StoreAccess access) implements SourceReader {

  /** The public hub. */
  static final String PUBLIC = "https://huggingface.co";

  private static final Pattern SHA256 = Pattern.compile("\"?([0-9a-f]{64})\"?");

  /**
   * The reader of a file.
   *
   * @param endpoint another hub than the public one
   */
  static HubDownload of(ModelSource.HubFile file, Optional<String> endpoint, StoreAccess access)
      throws PreflightException {
    String text = endpoint.orElse(PUBLIC).strip().replaceFirst("/+$", "");
    URI hub;
    try {
      hub = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw invalid("is not a URL");
    }
    String scheme = String.valueOf(hub.getScheme());
    if (hub.getHost() == null
        || !(scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http"))
        || hub.getRawUserInfo() != null
        || hub.getRawQuery() != null
        || hub.getRawFragment() != null) {
      throw invalid("is not of the form https://HOST, without user, password and query");
    }
    return new HubDownload(file, hub, access);
  }

  @Override
  public String fileName() {
    String path = URI.create("hub:/" + file.path()).getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public boolean remote() {
    return true;
  }

  @Override
  public Digest copyModel(ModelStore store) throws PreflightException {
    return copy(uri(), store, ModelDirectory.MODEL_FILE);
  }

  @Override
  public Digest copyExternal(String location, ModelStore store) throws PreflightException {
    URI sibling = SiblingUri.of(uri(), location);
    String name = ExternalData.relative(location).toString();
    try {
      return copy(sibling, store, name);
    } catch (PreflightException e) {
      throw SiblingUri.failed(name, e);
    }
  }

  private URI uri() {
    return URI.create(
        "%s/%s/resolve/%s/%s"
            .formatted(hub, file.repository(), SiblingUri.encoded(file.revision()), file.path()));
  }

  private Digest copy(URI uri, ModelStore store, String name) throws PreflightException {
    HttpCredentials token = HttpCredentials.ofHub(uri, access);
    return new HttpFetch(
            access,
            token,
            (at, status, headers) -> explained(token, at, status, headers),
            uri,
            store,
            name)
        .copy();
  }

  /** The hub answers 401 for a repository that is private, gated or missing. */
  private Optional<PreflightException> explained(
      HttpCredentials token, URI at, int status, HttpHeaders headers) {
    boolean unknown = status == 401 || status == 403 || status == 404;
    if (!unknown || !Origins.same(at, hub)) {
      return Optional.empty();
    }
    String code = headers.firstValue("X-Error-Code").orElse("");
    String answered =
        "%s answered %d for repository %s".formatted(hub.getHost(), status, file.repository());
    if (status == 404 && code.equals("EntryNotFound")) {
      return failed(
          Reason.ModelNotFound,
          "%s: revision %s has no such file (%s); correct spec.model.uri"
              .formatted(answered, file.revision(), Urls.shown(at)));
    }
    if (status == 404 && code.equals("RevisionNotFound")) {
      return failed(
          Reason.ModelNotFound,
          "%s: it has no revision %s; use a commit, tag or branch of it in spec.model.uri"
              .formatted(answered, file.revision()));
    }
    Reason reason = status == 404 ? Reason.ModelNotFound : Reason.DownloadForbidden;
    return failed(
        reason,
        token.headers().isEmpty()
            ? "%s: the repository or the file does not exist, or the repository is private or gated; correct spec.model.uri, or put a token into the key HF_TOKEN of the Secret of spec.model.credentials"
                .formatted(answered)
            : "%s: the repository or the file does not exist, or the token (HF_TOKEN of Secret %s) may not read it; correct spec.model.uri, give the token access, or accept the conditions of a gated repository"
                .formatted(answered, token.secretName()));
  }

  private static Optional<PreflightException> failed(Reason reason, String sentence) {
    return Optional.of(new PreflightException(reason, sentence));
  }

  /** The SHA-256 of a large file, which the hub tells when it redirects to it. */
  static Optional<String> linkedSha256(HttpHeaders headers) {
    return headers
        .firstValue("X-Linked-Etag")
        .map(SHA256::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1));
  }

  private static PreflightException invalid(String problem) {
    return new PreflightException(
        Reason.InvalidConfiguration,
        "the variable HF_ENDPOINT %s; correct it in spec.server.env, or remove it"
            .formatted(problem));
  }
}
