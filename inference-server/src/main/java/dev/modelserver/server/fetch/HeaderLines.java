package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The key {@code headers} of a credentials Secret: one {@code Name: value} a line. A message has
 * the number of a line and nothing of it, as a line without a name may be the secret alone; but the
 * names that are refused, which are known.
 */
final class HeaderLines {

  private static final int MAX_HEADERS = 20;
  private static final int MAX_CHARACTERS = 8 << 10;

  /** RFC 9110, section 5.6.2. */
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** RFC 9110, section 5.5, without the bytes that have no character of their own. */
  private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e\\t]*)");

  /** RFC 9110, section 11.2. */
  private static final Pattern TOKEN68 = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  /** They frame the message, belong to the connection, or choose which bytes come. */
  private static final Set<String> REFUSED =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "upgrade",
          "http2-settings",
          "te",
          "trailer",
          "expect",
          "range",
          "accept-encoding");

  private HeaderLines() {}

  /** Reads the lines; empty ones are left out. */
  static List<Map.Entry<String, String>> read(String text, String secret)
      throws PreflightException {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\\r?\\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      if (headers.size() == MAX_HEADERS) {
        throw invalid(
            "the key headers of Secret %s has more than %d headers; remove some"
                .formatted(secret, MAX_HEADERS));
      }
      headers.add(
          header(line, "line %d of the key headers of Secret %s".formatted(number, secret)));
    }
    if (headers.isEmpty()) {
      throw invalid(
          "the key headers of Secret %s is empty; write one \"Name: value\" a line"
              .formatted(secret));
    }
    return headers;
  }

  private static Map.Entry<String, String> header(String line, String where)
      throws PreflightException {
    if (line.length() > MAX_CHARACTERS) {
      throw invalid("%s has more than %d characters; shorten it".formatted(where, MAX_CHARACTERS));
    }
    int colon = line.indexOf(':');
    String name = line.substring(0, Math.max(0, colon));
    if (!NAME.matcher(name).matches()) {
      throw invalid("%s has no header name; write it as \"Name: value\"".formatted(where));
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (REFUSED.contains(lower)) {
      throw invalid("%s sets %s, which a download sets itself; remove it".formatted(where, lower));
    }
    if (lower.startsWith("proxy-")) {
      throw invalid(
          "%s sets a header of the proxy; use the keys proxy-username and proxy-password"
              .formatted(where));
    }
    if (lower.startsWith("if-")) {
      throw invalid("%s sets a condition (If-…); remove it".formatted(where));
    }
    String value = line.substring(colon + 1).strip();
    if (!VALUE.matcher(value).matches()) {
      throw invalid(
          "%s has no value, or one with other characters than visible ASCII and blanks; correct it"
              .formatted(where));
    }
    return Map.entry(name, value);
  }

  /** Whether a text is a token as {@code Authorization: Bearer} takes it. */
  static boolean isToken68(String text) {
    return text.length() <= MAX_CHARACTERS && TOKEN68.matcher(text).matches();
  }

  private static PreflightException invalid(String sentence) {
    return new PreflightException(Reason.CredentialsInvalid, sentence);
  }
}
