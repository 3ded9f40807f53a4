package dev.modelserver.server.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One challenge of a header {@code WWW-Authenticate} (RFC 9110, section 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters by their names in lower case
 */
record RegistryChallenge(String scheme, Map<String, String> parameters) {

  /** Longer headers are not read. */
  private static final int LONGEST = 4096;

  private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
  private static final Pattern PIECE =
      Pattern.compile(
          "\\G[\\s,]*(?:(?<name>%s)\\s*=\\s*(?:\"(?<quoted>[^\"\\\\]*(?:\\\\.[^\"\\\\]*)*)\"|(?<plain>[^\\s,\"]+))|(?<scheme>%s)(?=[\\s,]|$))"
              .formatted(TOKEN, TOKEN));

  /** The challenges of an answer, as far as they can be read. */
  static List<RegistryChallenge> read(List<String> headers) {
    List<RegistryChallenge> challenges = new ArrayList<>();
    for (String header : headers) {
      if (header.length() > LONGEST) {
        continue;
      }
      Matcher piece = PIECE.matcher(header);
      while (piece.find()) {
        if (piece.group("scheme") != null) {
          challenges.add(
              new RegistryChallenge(
                  piece.group("scheme").toLowerCase(Locale.ROOT), new TreeMap<>()));
        } else if (!challenges.isEmpty()) {
          String quoted = piece.group("quoted");
          challenges
              .getLast()
              .parameters()
              .putIfAbsent(
                  piece.group("name").toLowerCase(Locale.ROOT),
                  quoted == null ? piece.group("plain") : quoted.replaceAll("\\\\(.)", "$1"));
        }
      }
    }
    return challenges;
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}
