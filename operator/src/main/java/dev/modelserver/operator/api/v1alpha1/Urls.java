package dev.modelserver.operator.api.v1alpha1;

import java.util.regex.Pattern;

/**
 * URLs as they may be shown: a query can hold a signature, and what stands before an @ a password.
 */
public final class Urls {
  private static final int LONGEST = 300;

  /** The second form: a password with a slash in it, which ends the host for a reader of URLs. */
  private static final Pattern USER =
      Pattern.compile(
          "^([a-zA-Z][a-zA-Z0-9+.-]*://)(?:[^/]*@|[^/\\[]*:[0-9]*[^/0-9][^/]*/.*@)",
          Pattern.DOTALL);

  private static final Pattern QUERY = Pattern.compile("[?].*$", Pattern.DOTALL);
  private static final Pattern FRAGMENT = Pattern.compile("#[^?]*$", Pattern.DOTALL);

  /**
   * A URL inside a sentence or JSON, where a quote or a blank ends it. Not one that is redacted,
   * nor the call of a webhook, which the API server quotes with its time limit.
   */
  private static final Pattern QUOTED =
      Pattern.compile("(https?://[^\\s\"'<>?]*)[?](?!…|timeout=[0-9]+s(?=[\\s\"]|$))[^\\s\"'<>]*");

  private Urls() {}

  /** The text of one URL without its secrets and of at most 300 characters. */
  public static String redacted(String url) {
    String bare = FRAGMENT.matcher(QUERY.matcher(url).replaceFirst("?…")).replaceFirst("#…");
    String shown = USER.matcher(bare).replaceFirst("$1");
    return shown.length() > LONGEST ? shown.substring(0, LONGEST) + "…" : shown;
  }

  /** A text in which somebody may have quoted URLs, without the queries of these. */
  public static String redactedIn(String text) {
    return QUOTED.matcher(text).replaceAll("$1?…");
  }
}
