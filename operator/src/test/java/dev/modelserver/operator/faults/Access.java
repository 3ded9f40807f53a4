package dev.modelserver.operator.faults;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A right that a request needs.
 *
 * @param verb as RBAC has it
 * @param resource group, a slash, and the plural name, with the subresource after another
 */
record Access(String verb, String resource) {

  /** The rights that a request used; none for a question about the API itself. */
  static Stream<Access> of(String method, URI uri, int answer) {
    List<String> path = List.of(uri.getPath().split("/"));
    boolean core = path.size() > 3 && path.get(1).equals("api");
    boolean grouped = path.size() > 4 && path.get(1).equals("apis");
    if ((!core && !grouped) || answer == 403) {
      return Stream.empty();
    }
    int next = core ? 3 : 4;
    if (path.get(next).equals("namespaces") && path.size() > next + 2) {
      next += 2;
    }
    String plural = path.get(next);
    Optional<String> name = part(path, next + 1);
    String resource =
        (core ? "" : path.get(2))
            + "/"
            + plural
            + part(path, next + 2).map(sub -> "/" + sub).orElse("");
    String query = Optional.ofNullable(uri.getQuery()).orElse("");
    Access first = new Access(verb(method, name.isPresent(), query), resource);
    return answer == 201 ? Stream.of(first, new Access("create", resource)) : Stream.of(first);
  }

  private static String verb(String method, boolean named, String query) {
    return switch (method) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> named ? "delete" : "deletecollection";
      default -> query.contains("watch=true") ? "watch" : named ? "get" : "list";
    };
  }

  private static Optional<String> part(List<String> path, int index) {
    return index < path.size() ? Optional.of(path.get(index)) : Optional.empty();
  }

  @Override
  public String toString() {
    return verb + " " + resource;
  }
}
