package dev.modelserver.operator.resolve;

import static java.util.Objects.requireNonNullElse;

import dev.modelserver.operator.api.v1alpha1.Server;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The paths that an inference server answers (docs/server-contract.md). */
final class ServerPaths {
  /** As the schema has it; an object may be older than its rules. */
  private static final Pattern PREFIX = Pattern.compile("(/[-A-Za-z0-9._~]+)+");

  private static final int LONGEST_PREFIX = 253;

  /** First segments of the server's own paths. */
  private static final Set<String> OWN =
      Set.of(
          "docs", "health", "info", "metrics", "openapi.json", "predict", "q", "ready", "v1", "v2");

  private ServerPaths() {}

  /** The prefix that the spec names. */
  static Optional<String> prefix(@Nullable Server server) {
    Optional<String> prefix = Optional.ofNullable(server).map(Server::pathPrefix);
    prefix.ifPresent(ServerPaths::require);
    return prefix;
  }

  private static void require(String prefix) {
    if (prefix.length() > LONGEST_PREFIX
        || !PREFIX.matcher(prefix).matches()
        || Arrays.stream(prefix.split("/")).anyMatch(Set.of(".", "..")::contains)) {
      throw new IllegalArgumentException(
          "spec.server.pathPrefix \"%s\" must be a path of at most %d characters without a slash at its end and without . or .. segments, for example /iris"
              .formatted(prefix, LONGEST_PREFIX));
    }
    if (OWN.contains(first(prefix))) {
      throw new IllegalArgumentException(
          "spec.server.pathPrefix \"%s\" must not begin with /%s, a path of the server itself: use another first segment"
              .formatted(prefix, first(prefix)));
    }
  }

  /**
   * The paths that lead to the server, where the spec names some. Without a prefix any will do: the
   * controller may rewrite it.
   */
  static List<String> named(String field, @Nullable List<String> wanted, Optional<String> prefix) {
    List<String> paths = requireNonNullElse(wanted, List.of());
    for (String path : paths) {
      if (prefix.filter(p -> !answers(p, path)).isPresent()) {
        throw new IllegalArgumentException(
            "%s \"%s\" leads to nothing that the server answers: use /, %s, or one of its paths such as %s/predict"
                .formatted(field, path, prefix.get(), prefix.get()));
      }
    }
    return paths;
  }

  /** Whether the server answers something at or below a path. */
  private static boolean answers(String prefix, String path) {
    String below = path.startsWith(prefix + "/") ? path.substring(prefix.length()) : path;
    return (prefix + "/").startsWith(path.endsWith("/") ? path : path + "/")
        || below.equals("/")
        || OWN.contains(first(below));
  }

  private static String first(String path) {
    String[] segments = path.split("/", 3);
    return segments.length > 1 ? segments[1] : "";
  }
}
