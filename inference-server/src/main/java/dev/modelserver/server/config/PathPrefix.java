package dev.modelserver.server.config;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the prefix below which every path of the HTTP port is answered too. */
final class PathPrefix {

  private static final String FIELD = "pathPrefix";
  private static final int MAX_LENGTH = 253;

  /** Unreserved characters, which no client, proxy or server writes in another way. */
  private static final Pattern SHAPE = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+");

  /** First segments of the server's own paths, and q, where Quarkus has its own. */
  private static final Set<String> OWN =
      Set.of(
          "docs", "health", "info", "metrics", "openapi.json", "predict", "q", "ready", "v1", "v2");

  private PathPrefix() {}

  /** Null: there is none. */
  static @Nullable String read(ConfigNode node) throws ConfigurationException {
    String prefix = node.text(FIELD);
    if (prefix == null) {
      return null;
    }
    if (prefix.length() > MAX_LENGTH || !SHAPE.matcher(prefix).matches()) {
      throw node.wrong(
          FIELD,
          "a path of at most %d characters such as /iris: segments of letters, digits, -, ., _ and ~, without a slash at the end"
              .formatted(MAX_LENGTH));
    }
    String first = prefix.split("/", 3)[1];
    if (OWN.contains(first)) {
      throw node.wrong(
          FIELD,
          "another first segment than %s, which is one of the server's own".formatted(first));
    }
    return prefix;
  }
}
