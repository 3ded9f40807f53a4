package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Locale;

/** Where a redirect may lead. */
final class Redirects {

  private Redirects() {}

  /**
   * Refuses a host that models must not come from.
   *
   * @param first where the download began
   * @param uri where it is now
   */
  static void requireAllowed(URI first, URI uri, AllowedHosts hosts) throws PreflightException {
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

  /** The address of a redirect: http or https, and never from https to http. */
  static URI target(URI from, HttpHeaders headers) throws PreflightException {
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

  static PreflightException tooMany(URI first, int most) {
    return new PreflightException(
        Reason.DownloadFailed,
        "%s redirects more than %d times; give the final address as spec.model.uri"
            .formatted(Urls.shown(first), most));
  }
}
