package dev.modelserver.operator.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An authorizer that has no opinion: it notes what the API server wants to know about the operator,
 * for requests and for admission, and leaves the decision to RBAC.
 */
final class AuthorizationRecorder implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] NO_OPINION =
      """
      {"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","status":{"allowed":false}}
      """
          .getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Access> asked = new ConcurrentSkipListSet<>();

  private AuthorizationRecorder(HttpServer server) {
    this.server = server;
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  static AuthorizationRecorder start() {
    try {
      return new AuthorizationRecorder(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the API server finds it. */
  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Every right of the operator that was asked for so far. */
  Set<Access> asked() {
    return new TreeSet<>(asked);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      note(JSON.readTree(exchange.getRequestBody()).path("spec"));
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, NO_OPINION.length);
      exchange.getResponseBody().write(NO_OPINION);
    }
  }

  /**
   * Notes a right; not the questions about oneself that everybody may ask, and not whether all
   * kinds are allowed at once, which admission asks before it asks about one.
   */
  private void note(JsonNode review) {
    JsonNode attributes = review.path("resourceAttributes");
    String group = attributes.path("group").asText("");
    if (!review.path("user").asText().equals(ChartRules.NAME)
        || attributes.isMissingNode()
        || group.equals("authorization.k8s.io")
        || group.equals("*")) {
      return;
    }
    String subresource = attributes.path("subresource").asText("");
    asked.add(
        new Access(
            attributes.path("verb").asText(),
            group
                + "/"
                + attributes.path("resource").asText()
                + (subresource.isEmpty() ? "" : "/" + subresource)));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
