package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;

/**
 * Requests to one registry, by the OCI distribution specification: over https, to allowed hosts,
 * with credentials for the registry's own origin alone.
 */
final class RegistryClient implements AutoCloseable {

  private static final int MAX_REDIRECTS = 5;

  private final OciReference reference;
  private final StoreAccess access;
  private final RegistryTokens tokens;
  private final HttpClient client;

  /**
   * A client; close it.
   *
   * @param tokens what the registry takes as authorization, which outlives the client
   */
  RegistryClient(OciReference reference, StoreAccess access, RegistryTokens tokens) {
    this.reference = reference;
    this.access = access;
    this.tokens = tokens;
    this.client = access.client();
  }

  /** An answer, and the URI that gave it. */
  record Answer(URI uri, HttpResponse<InputStream> response) {

    int status() {
      return response.statusCode();
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }
  }

  /** Reads an answer whose status is 200 or 206. */
  interface Reading<T> {
    T of(Answer answer, InputStream body)
        throws PreflightException, TransientFailure, IOException, InterruptedException;
  }

  /**
   * The result of one GET, authorized where the registry asks for that.
   *
   * @param deadline until when the answer must begin, in the time of {@link System#nanoTime}
   */
  <T> T get(URI uri, Map<String, String> headers, long deadline, Reading<T> reading)
      throws PreflightException, TransientFailure, InterruptedException {
    Answer answer = follow(uri, headers, deadline);
    if (answer.status() == 401 && isRegistry(answer.uri())) {
      try (InputStream _ = answer.response().body()) {
        tokens.renew(client, answer, deadline);
      } catch (IOException e) {
        throw broken(access, isRegistry(answer.uri()) ? answer.uri() : host(answer.uri()), e);
      }
      answer = follow(uri, headers, deadline);
    }
    try (InputStream body = answer.response().body()) {
      if (answer.status() == 200 || answer.status() == 206) {
        return reading.of(answer, body);
      }
      throw RegistryFailures.of(
          reference,
          answer,
          isRegistry(answer.uri()) ? Optional.empty() : Optional.of(host(answer.uri())),
          access,
          tokens.secretName(),
          body);
    } catch (IOException e) {
      throw broken(access, isRegistry(answer.uri()) ? answer.uri() : host(answer.uri()), e);
    }
  }

  private Answer follow(URI first, Map<String, String> headers, long deadline)
      throws PreflightException, TransientFailure, InterruptedException {
    URI uri = first;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      requireAllowed(
          uri,
          uri.equals(first) ? "" : "the registry of %s redirects: ".formatted(reference),
          access);
      access.checkAddress(uri, Attempts.left(deadline));
      HttpRequest.Builder request = access.request(uri).timeout(Attempts.left(deadline)).GET();
      headers.forEach(request::header);
      if (isRegistry(uri)) {
        tokens.authorization().ifPresent(value -> request.header("Authorization", value));
      }
      Answer answer;
      try {
        answer =
            new Answer(
                uri, client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
        switch (answer.status()) {
          case 301, 302, 303, 307, 308 -> answer.response().body().close();
          default -> {
            return answer;
          }
        }
      } catch (IOException e) {
        throw broken(access, isRegistry(uri) ? uri : host(uri), e);
      }
      uri = redirect(uri, answer.header("Location").orElse(""));
    }
    throw new PreflightException(
        Reason.DownloadFailed,
        "the registry of %s redirects more than %d times; check the registry"
            .formatted(reference, MAX_REDIRECTS));
  }

  /** Refuses a host that is not allowed. */
  static void requireAllowed(URI uri, String context, StoreAccess access)
      throws PreflightException {
    if (!access.hosts().allow(uri)) {
      throw new PreflightException(
          Reason.DownloadRefused,
          "%s%s is not among the hosts that models may come from (%s); use one of these, or have it added to the operator's modelHosts"
              .formatted(context, uri.getHost(), access.hosts()));
    }
  }

  /** What a connection that failed means. */
  static TransientFailure broken(StoreAccess access, URI uri, IOException e)
      throws PreflightException {
    return access.proxied(uri)
        ? ProxyFailures.failure(access, uri, e)
        : DownloadFailures.failure(uri, e);
  }

  /** All that is shown of where a redirect leads: the rest is the registry's word. */
  private static URI host(URI uri) {
    return URI.create("https://%s/…".formatted(uri.getRawAuthority()));
  }

  private URI redirect(URI from, String location) throws PreflightException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      to = URI.create("");
    }
    if (location.isEmpty()
        || !"https".equalsIgnoreCase(to.getScheme())
        || to.getHost() == null
        || to.getRawUserInfo() != null) {
      throw new PreflightException(
          Reason.DownloadRefused,
          "the registry of %s redirects to something that is not an https address; configure the registry to redirect to https, or not at all"
              .formatted(reference));
    }
    return to;
  }

  private boolean isRegistry(URI uri) {
    return Origins.same(uri, reference.manifest(reference.reference()));
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
