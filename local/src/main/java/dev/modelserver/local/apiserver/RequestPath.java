package dev.modelserver.local.apiserver;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The path of an API request, cut into what it names.
 *
 * @param collection path of the collection, for example {@code /api/v1/namespaces/default/pods}
 * @param plural the resource, for example {@code pods}
 * @param name name of the object; null for a collection
 * @param subresource for example {@code status}; null for the object itself
 */
record RequestPath(
    String collection, String plural, @Nullable String name, @Nullable String subresource) {

  /** Reads the path of a request for a resource; its query is left out. Null for any other path. */
  static @Nullable RequestPath parse(String pathAndQuery) {
    var path = withoutQuery(pathAndQuery);
    var parts = List.of(path.substring(1).split("/"));
    // /api/v1/… or /apis/GROUP/VERSION/…, then perhaps namespaces/NAME, then
    // PLURAL[/NAME[/SUBRESOURCE]]
    var start = parts.getFirst().equals("api") ? 2 : 3;
    if (parts.size() > start + 2 && parts.get(start).equals("namespaces")) {
      start += 2;
    }
    if (parts.size() <= start || parts.size() > start + 3) {
      return null;
    }
    return new RequestPath(
        "/" + String.join("/", parts.subList(0, start + 1)),
        parts.get(start),
        parts.size() > start + 1 ? decoded(parts.get(start + 1)) : null,
        parts.size() > start + 2 ? parts.get(start + 2) : null);
  }

  /** The path without what follows its question mark. */
  static String withoutQuery(String pathAndQuery) {
    var query = pathAndQuery.indexOf('?');
    return query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
  }

  /** Whether the request is about the status of an object. */
  boolean isStatus() {
    return "status".equals(subresource);
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }
}
