package dev.modelserver.operator.faults;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A request that changes something.
 *
 * @param verb POST, PUT, PATCH or DELETE
 * @param resource plural name of the kind, for example deployments
 * @param name of the object; empty where the request creates one under a name in its body
 * @param subresource status, scale, or empty
 * @param fieldManager of a patch; empty without one
 * @param body as it was sent
 * @param answer status code of the API server; 0 before it is known, and where it was never asked
 */
public record Write(
    String verb,
    String resource,
    String name,
    String subresource,
    String fieldManager,
    String body,
    int answer) {

  static Write of(String verb, URI uri, byte[] body) {
    // /api/v1/namespaces/NS/RESOURCE[/NAME[/SUB]] or /apis/GROUP/VERSION/namespaces/NS/RESOURCE...
    List<String> path = List.of(uri.getPath().split("/"));
    int namespaces = path.indexOf("namespaces");
    List<String> rest = path.subList(Math.min(path.size(), namespaces + 2), path.size());
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    return new Write(
        verb,
        part(rest, 0),
        part(rest, 1),
        part(rest, 2),
        query.contains("fieldManager=") ? query.replaceFirst(".*fieldManager=([^&]*).*", "$1") : "",
        new String(body, StandardCharsets.UTF_8),
        0);
  }

  private static String part(List<String> path, int index) {
    return index < path.size() ? path.get(index) : "";
  }

  Write answered(int code) {
    return new Write(verb, resource, name, subresource, fieldManager, body, code);
  }

  /** Whether it tells an Event. */
  public boolean event() {
    return resource.equals("events");
  }

  /** Whether the API server did it. */
  public boolean done() {
    return answer >= 200 && answer < 300;
  }

  /** Whether it made a new object. */
  public boolean created() {
    return answer == 201;
  }

  @Override
  public String toString() {
    return verb
        + " "
        + resource
        + (name.isEmpty() ? "" : "/" + name)
        + (subresource.isEmpty() ? "" : "/" + subresource)
        + " -> "
        + answer;
  }
}
