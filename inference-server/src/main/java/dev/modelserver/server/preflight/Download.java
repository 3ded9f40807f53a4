package dev.modelserver.server.preflight;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Security;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/**
 * Fetches one file over http or https. Transient failures are retried automatically, for the retry
 * time in all; the body may take longer as long as it keeps coming.
 *
 * <p>The address of a host is checked, then the client looks it up again; the process must cache
 * look-ups for good, so that both see the same one ({@link #cacheLookups}).
 */
public final class Download {

  private static final int MAX_REDIRECTS = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  /** For a name after a redirect that used the time up: it is not its server that was slow. */
  private static final Duration MIN_LOOKUP = Duration.ofMillis(500);

  /**
   * Limits of time.
   *
   * @param retrying how long to try until the first byte comes
   * @param stalled how long a body may pause
   * @param whole how long everything may take
   */
  public record Limits(Duration retrying, Duration stalled, Duration whole) {
    /**
     * Eight seconds, so that a status can tell within ten what is wrong; half an hour for the
     * slowest store.
     */
    public static final Limits DEFAULT =
        new Limits(Duration.ofSeconds(8), Duration.ofSeconds(8), Duration.ofMinutes(30));
  }

  private final AddressPolicy policy;
  private final Limits limits;
  private final HostLookup lookup;
  private final DownloadProgress progress;

  public Download(AddressPolicy policy, Limits limits) {
    this(policy, limits, InetAddress::getAllByName, new DownloadProgress());
  }

  Download(AddressPolicy policy, Limits limits, HostLookup lookup, DownloadProgress progress) {
    this.policy = policy;
    this.limits = limits;
    this.lookup = lookup;
    this.progress = progress;
  }

  /** How far it is. */
  DownloadProgress progress() {
    return progress;
  }

  /** Makes the look-ups of this process final, except failed ones; call before the first. */
  public static void cacheLookups() {
    Security.setProperty("networkaddress.cache.ttl", "-1");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
  }

  /**
   * Copies the file to the place of the model file.
   *
   * @param hosts where it may come from, each redirect included
   */
  Digest copyModel(URI uri, AllowedHosts hosts, ModelStore store) throws PreflightException {
    long deadline = System.nanoTime() + limits.retrying().toNanos();
    Duration pause = FIRST_PAUSE;
    TransientFailure cause = null;
    try (HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limits.retrying())
            .build()) {
      try {
        while (true) {
          try {
            return attempt(client, uri, hosts, store, deadline);
          } catch (TransientFailure e) {
            // the last attempt is cut off when the time is over, which says nothing of the cause
            cause = cause == null || e.reason() != Reason.DownloadTimeout ? e : cause;
            if (System.nanoTime() + pause.toNanos() >= deadline) {
              throw new PreflightException(cause.reason(), cause.sentence());
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2);
          }
        }
      } finally {
        client.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PreflightException(Reason.DownloadFailed, "the download was interrupted");
    }
  }

  private Digest attempt(
      HttpClient client, URI first, AllowedHosts hosts, ModelStore store, long deadline)
      throws PreflightException, TransientFailure, InterruptedException {
    URI uri = first;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      requireAllowed(hosts, first, uri);
      check(uri, left(deadline));
      Duration left = left(deadline);
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .version(version(uri))
              .timeout(left)
              .header("User-Agent", "modelserver-preflight")
              .GET()
              .build();
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

  private static void requireAllowed(AllowedHosts hosts, URI first, URI uri)
      throws PreflightException {
    if (!hosts.allow(uri)) {
      throw new PreflightException(
          Reason.DownloadRefused,
          "%s%s is not among the hosts that models may come from (%s); use one of these, or have it added to the operator's modelHosts"
              .formatted(
                  uri.equals(first) ? "" : Urls.shown(first) + " redirects elsewhere: ",
                  uri.getHost(),
                  hosts));
    }
  }

  /**
   * Over plain http, Java's client offers HTTP/2 with an {@code Upgrade} header, which some servers
   * refuse and others accept without speaking it. Over https, TLS negotiates the version.
   */
  private static HttpClient.Version version(URI uri) {
    return uri.getScheme().equalsIgnoreCase("http")
        ? HttpClient.Version.HTTP_1_1
        : HttpClient.Version.HTTP_2;
  }

  private Digest copy(URI uri, HttpHeaders headers, InputStream body, ModelStore store)
      throws PreflightException, IOException {
    long size = headers.firstValueAsLong("Content-Length").orElse(-1);
    store.announce(size);
    progress.begins(uri, size);
    try (StallGuard guarded =
        new StallGuard(body, limits.stalled(), limits.whole(), progress::add)) {
      try {
        return store.copy(guarded, ModelDirectory.MODEL_FILE);
      } catch (IOException e) {
        if (guarded.stalled()) {
          throw new PreflightException(
              Reason.DownloadTimeout,
              guarded.late()
                  ? "%s sent %d bytes in %d s, and not the whole model; put it where it is read faster"
                      .formatted(Urls.shown(uri), guarded.bytes(), limits.whole().toSeconds())
                  : "%s stopped sending after %d bytes; check the store and the network between"
                      .formatted(Urls.shown(uri), guarded.bytes()));
        }
        throw e;
      }
    } finally {
      progress.ends();
    }
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }

  private void check(URI uri, Duration patience)
      throws PreflightException, TransientFailure, InterruptedException {
    InetAddress[] addresses;
    try {
      addresses =
          isLiteral(uri.getHost())
              ? InetAddress.getAllByName(uri.getHost())
              : lookup.addresses(uri.getHost(), longer(patience, MIN_LOOKUP));
    } catch (TimeoutException e) {
      throw new TransientFailure(
          Reason.DownloadTimeout,
          "the host "
              + uri.getHost()
              + " was not resolved in time; check the cluster's DNS and network policies");
    } catch (UnknownHostException e) {
      throw new TransientFailure(
          Reason.DownloadFailed,
          "the host "
              + uri.getHost()
              + " cannot be resolved; correct spec.model.uri or the cluster's DNS");
    }
    for (InetAddress address : addresses) {
      if (!policy.allows(address)) {
        throw new PreflightException(
            Reason.DownloadRefused,
            "the host "
                + uri.getHost()
                + " is a loopback, link-local or metadata address; models are not fetched from"
                + " there: use another host");
      }
    }
  }

  /** An address is not looked up, so it cannot come too late. */
  private static boolean isLiteral(String host) {
    try {
      var _ = InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
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
