package dev.modelserver.server.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A registry with its token server, and a second server with another port, as stores of blobs are;
 * all over https.
 */
public final class TestRegistry implements AutoCloseable {

  static final String USER = "robot";
  static final String PASSWORD = "pass:word-of-test";
  static final String TOKEN = "token-of-test";

  final OciContent content = new OciContent();
  final List<Request> requests = new CopyOnWriteArrayList<>();

  /** What the next answers to a path are instead. */
  final Map<String, List<Fault>> faults = new ConcurrentHashMap<>();

  /** The header {@code WWW-Authenticate}; null: everybody may read. */
  @Nullable String challenge;

  /** Whether a token is given without a password. */
  boolean anonymousTokens;

  /** Where blobs are redirected to; null: not. */
  @Nullable String redirect;

  private final HttpsServer registry;
  private final HttpsServer store;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** What came in. */
  record Request(String server, URI uri, @Nullable String authorization, @Nullable String range) {}

  /** One answer that is not the right one. */
  interface Fault {
    void answer(HttpExchange exchange, byte[] content) throws IOException;
  }

  /** Starts both. */
  public TestRegistry(TestCertificate certificate) throws IOException {
    registry = server(certificate);
    store = server(certificate);
    registry.createContext("/", exchange -> handled("registry", exchange));
    store.createContext("/", exchange -> handled("store", exchange));
    registry.start();
    store.start();
  }

  private HttpsServer server(TestCertificate certificate) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.server()));
    server.setExecutor(threads);
    return server;
  }

  /** Host and port. */
  public String host() {
    return "localhost:" + registry.getAddress().getPort();
  }

  String storeHost() {
    return "localhost:" + store.getAddress().getPort();
  }

  /** A repository's tag or digest. */
  OciReference reference(String reference) {
    return OciReference.parse(host() + "/team/model" + reference).orElseThrow();
  }

  /** What it has. */
  public OciContent content() {
    return content;
  }

  /** The paths of all requests. */
  public List<String> paths() {
    return requests.stream().map(each -> each.uri().getPath()).toList();
  }

  /** Asks for tokens of this registry's own server. */
  public void askForTokens() {
    challenge =
        "Bearer realm=\"https://%s/token\",service=\"the registry\",scope=\"repository:team/model:pull\""
            .formatted(host());
  }

  void next(String path, Fault... answers) {
    faults.computeIfAbsent(path, _ -> new CopyOnWriteArrayList<>()).addAll(List.of(answers));
  }

  /** A fault that is a status with a body. */
  static Fault status(int status, String type, String body) {
    return (exchange, _) -> {
      exchange.getResponseHeaders().set("Content-Type", type);
      send(exchange, status, OciContent.bytes(body));
    };
  }

  /** Half of the content, and the end of the connection. */
  static Fault cut() {
    return (exchange, content) -> {
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content, 0, content.length / 2);
      exchange.getResponseBody().flush();
      exchange.close();
    };
  }

  /** The content with another last byte. */
  static Fault damaged() {
    return (exchange, content) -> {
      byte[] other = content.clone();
      other[other.length - 1] ^= 1;
      send(exchange, 200, other);
    };
  }

  private void handled(String server, HttpExchange exchange) throws IOException {
    requests.add(
        new Request(
            server,
            exchange.getRequestURI(),
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Range")));
    try (exchange) {
      answer(server, exchange);
    }
  }

  private void answer(String server, HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/token")) {
      token(exchange);
      return;
    }
    if (server.equals("registry") && !mayRead(exchange)) {
      exchange.getResponseHeaders().set("WWW-Authenticate", String.valueOf(challenge));
      send(exchange, 401, error("UNAUTHORIZED"));
      return;
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    boolean manifest = path.contains("/manifests/");
    byte[] found = (manifest ? content.manifests : content.blobs).get(name);
    List<Fault> waiting = faults.get(name);
    if (waiting != null && !waiting.isEmpty()) {
      waiting.removeFirst().answer(exchange, found == null ? new byte[0] : found);
    } else if (found == null) {
      send(exchange, 404, error(manifest ? "MANIFEST_UNKNOWN" : "BLOB_UNKNOWN"));
    } else if (!manifest && server.equals("registry") && redirect != null) {
      exchange.getResponseHeaders().set("Location", redirect + path + "?signature=of-test");
      exchange.sendResponseHeaders(307, -1);
    } else {
      range(exchange, found);
    }
  }

  private static void range(HttpExchange exchange, byte[] found) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null) {
      send(exchange, 200, found);
      return;
    }
    int from = Integer.parseInt(range.replaceAll("\\D", ""));
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, found.length - 1, found.length));
    send(exchange, 206, Arrays.copyOfRange(found, from, found.length));
  }

  private boolean mayRead(HttpExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    return challenge == null
        || (challenge.startsWith("Basic") ? basic() : "Bearer " + TOKEN).equals(given);
  }

  private void token(HttpExchange exchange) throws IOException {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    if (given == null ? anonymousTokens : given.equals(basic())) {
      send(exchange, 200, "{\"token\":\"%s\"}".formatted(TOKEN));
    } else {
      send(exchange, 401, error("UNAUTHORIZED"));
    }
  }

  /** The header of the one user. */
  public static String basic() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
  }

  static String error(String code) {
    return "{\"errors\":[{\"code\":\"%s\",\"message\":\"text of the registry\"}]}".formatted(code);
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    send(exchange, status, OciContent.bytes(body));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    registry.stop(0);
    store.stop(0);
    threads.shutdownNow();
  }
}
