package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;

/**
 * Fetches the files of a model over http or https. Transient failures are retried automatically,
 * for the retry time in all; a body may take longer as long as it keeps coming.
 */
record Download(URI first, StoreAccess access) implements SourceReader {

  private static final int MAX_REDIRECTS = 5;

  @Override
  public String fileName() {
    String path = first.getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public boolean remote() {
    return true;
  }

  @Override
  public Digest copyModel(ModelStore store) throws PreflightException {
    Limits limits = access.network().limits();
    try (HttpClient client = access.client()) {
      try {
        return Attempts.retrying(limits.retrying(), deadline -> attempt(client, store, deadline));
      } finally {
        client.shutdownNow();
      }
    }
  }

  @Override
  public Digest copyExternal(String location, ModelStore store) throws PreflightException {
    throw new PreflightException(
        Reason.InvalidModel,
        "the model needs the external data file \""
            + ExternalData.relative(location)
            + "\", which a download of one file does not bring; export the model in one file, or"
            + " put both on a volume");
  }

  private Digest attempt(HttpClient client, ModelStore store, long deadline)
      throws PreflightException, TransientFailure, InterruptedException {
    URI uri = first;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      requireAllowed(uri);
      access.checkAddress(uri, Attempts.left(deadline));
      Duration left = Attempts.left(deadline);
      HttpRequest request = access.request(uri).timeout(left).GET().build();
      try {
        HttpResponse<InputStream> response =
            client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
          switch (response.statusCode()) {
            case 200 -> {
              return copy(uri, response.headers(), body, store);
            }
            case 301, 302, 303, 307, 308 -> uri = redirect(uri, response.headers());
            default -> throw DownloadFailures.status(uri, response.statusCode());
          }
        }
      } catch (IOException e) {
        throw DownloadFailures.failure(uri, e);
      }
    }
    throw new PreflightException(
        Reason.DownloadFailed,
        Urls.shown(first)
            + " redirects more than "
            + MAX_REDIRECTS
            + " times; give the final address as spec.model.uri");
  }

  private void requireAllowed(URI uri) throws PreflightException {
    if (!access.hosts().allow(uri)) {
      throw new PreflightException(
          Reason.DownloadRefused,
          "%s%s is not among the hosts that models may come from (%s); use one of these, or have it added to the operator's modelHosts"
              .formatted(
                  uri.equals(first) ? "" : Urls.shown(first) + " redirects elsewhere: ",
                  uri.getHost(),
                  access.hosts()));
    }
  }

  private Digest copy(URI uri, HttpHeaders headers, InputStream body, ModelStore store)
      throws PreflightException, IOException {
    long size = headers.firstValueAsLong("Content-Length").orElse(-1);
    return access
        .network()
        .copy(uri, body, ModelStore.Part.whole(size), store, ModelDirectory.MODEL_FILE);
  }

  private static URI redirect(URI from, HttpHeaders headers) throws PreflightException {
    String location = headers.firstValue("Location").orElse("");
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new PreflightException(
          Reason.DownloadFailed, Urls.shown(from) + " redirects to something that is no address");
    }
    String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
    if (location.isEmpty()
        || to.getHost() == null
        || to.getRawUserInfo() != null
        || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new PreflightException(
          Reason.DownloadRefused,
          Urls.shown(from)
              + " redirects to something that is neither http nor https; give the final address");
    }
    if (scheme.equals("http") && from.getScheme().equalsIgnoreCase("https")) {
      throw new PreflightException(
          Reason.DownloadRefused,
          Urls.shown(from) + " redirects from https to http; give an https address");
    }
    return to;
  }
}
