package dev.modelserver.server.fetch;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * URLs as they may be shown: a query can hold a signature, and what stands before an @ a password.
 */
final class Urls {

  private static final int LONGEST = 300;

  /** The second form: a password with a slash in it, which ends the host for a reader of URLs. */
  private static final Pattern USER =
      Pattern.compile(
          "^([a-zA-Z][a-zA-Z0-9+.-]*://)(?:[^/]*@|[^/\\[]*:[0-9]*[^/0-9][^/]*/.*@)",
          Pattern.DOTALL);

  private static final Pattern QUERY = Pattern.compile("[?].*$", Pattern.DOTALL);
  private static final Pattern FRAGMENT = Pattern.compile("#[^?]*$", Pattern.DOTALL);

  private Urls() {}

  static String shown(URI uri) {
    return shown(uri.toString());
  }

  static String shown(String uri) {
    String bare = FRAGMENT.matcher(QUERY.matcher(uri).replaceFirst("?…")).replaceFirst("#…");
    String shown = USER.matcher(bare).replaceFirst("$1");
    return shown.length() > LONGEST ? shown.substring(0, LONGEST) + "…" : shown;
  }
}
