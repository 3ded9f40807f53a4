package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * What all downloads share: the addresses they may reach, their limits, and how far they are.
 *
 * <p>The address of a host is checked, then the client looks it up again; the process must cache
 * look-ups for good, so that both see the same one ({@link #cacheLookups}).
 *
 * @param progress how far the download is
 */
public record Network(
    AddressPolicy policy, Limits limits, HostLookup lookup, DownloadProgress progress) {

  /** For a name after a redirect that used the time up: it is not its server that was slow. */
  private static final Duration MIN_LOOKUP = Duration.ofMillis(500);

  /** The network of the pod. */
  public Network(AddressPolicy policy, Limits limits) {
    this(policy, limits, InetAddress::getAllByName, new DownloadProgress());
  }

  /** Makes the look-ups of this process final, except failed ones; call before the first. */
  public static void cacheLookups() {
    Security.setProperty("networkaddress.cache.ttl", "-1");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
  }

  /**
   * Has Java's client send a password to a proxy before TLS, which it refuses by default; call
   * before the first client is made.
   */
  public static void allowProxyPasswords() {
    System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
  }

  /** How far a download is; empty while none runs. */
  public Optional<String> sentence() {
    return progress.sentence();
  }

  /**
   * Refuses a host with an address that models are not fetched from.
   *
   * @param patience how long the look-up of its name may take
   */
  void check(String host, Duration patience)
      throws PreflightException, TransientFailure, InterruptedException {
    for (InetAddress address : addresses(host, patience)) {
      if (!policy.allows(address)) {
        throw new PreflightException(
            Reason.DownloadRefused,
            "the host "
                + host
                + " is a loopback, link-local or metadata address; models are not fetched from"
                + " there: use another host");
      }
    }
  }

  private InetAddress[] addresses(String host, Duration patience)
      throws TransientFailure, InterruptedException {
    try {
      return isLiteral(host)
          ? InetAddress.getAllByName(host)
          : lookup.addresses(host, longer(patience, MIN_LOOKUP));
    } catch (TimeoutException e) {
      throw new TransientFailure(
          Reason.DownloadTimeout,
          "the host "
              + host
              + " was not resolved in time; check the cluster's DNS and network policies");
    } catch (UnknownHostException e) {
      throw new TransientFailure(
          Reason.DownloadFailed,
          "the host " + host + " cannot be resolved; correct spec.model.uri or the cluster's DNS");
    }
  }

  /** An address is not looked up, so it cannot come too late. */
  static boolean isLiteral(String host) {
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

  /**
   * Copies a body that comes to a file of the store, for as long as it keeps coming.
   *
   * @param uri for messages
   * @throws IOException when the connection breaks
   */
  Digest copy(URI uri, InputStream body, ModelStore.Part part, ModelStore store, String name)
      throws PreflightException, IOException {
    return copy(uri, body, part, store, name, limits.whole());
  }

  /**
   * Copies a body, or the rest of one, within a time.
   *
   * @param left how long it may take
   */
  Digest copy(
      URI uri, InputStream body, ModelStore.Part part, ModelStore store, String name, Duration left)
      throws PreflightException, IOException {
    store.announce(part.total());
    return guarded(
        uri, body, part.total(), part.offset(), left, guarded -> store.copy(guarded, part, name));
  }

  /** What reads a body. */
  interface Reading<T> {
    T of(InputStream body) throws PreflightException, IOException;
  }

  /**
   * Reads a body for as long as it keeps coming, and tells how far it is.
   *
   * @param uri for messages
   * @param total bytes of the whole, negative where the source does not tell
   * @param offset bytes of the whole that came before this body
   * @param left how long it may take
   * @throws IOException when the connection breaks
   */
  <T> T guarded(
      URI uri, InputStream body, long total, long offset, Duration left, Reading<T> reading)
      throws PreflightException, IOException {
    progress.begins(uri, total);
    progress.add((int) Math.min(Integer.MAX_VALUE, offset));
    try (StallGuard guarded = new StallGuard(body, limits.stalled(), left, progress::add)) {
      try {
        return reading.of(guarded);
      } catch (IOException e) {
        if (guarded.stalled()) {
          throw new PreflightException(
              Reason.DownloadTimeout,
              guarded.late()
                  ? "%s sent %d bytes in %d s, and not the whole model; put it where it is read faster"
                      .formatted(
                          Urls.shown(uri), offset + guarded.bytes(), limits.whole().toSeconds())
                  : "%s stopped sending after %d bytes; check the store and the network between"
                      .formatted(Urls.shown(uri), guarded.bytes()));
        }
        throw e;
      }
    } finally {
      progress.ends();
    }
  }

  /** A body that is kept in memory: its beginning, when it has more than the most bytes. */
  byte[] small(InputStream body, int most) throws IOException {
    try (StallGuard guarded = new StallGuard(body, limits.stalled(), limits.whole(), _ -> {})) {
      return guarded.readNBytes(most);
    }
  }
}
