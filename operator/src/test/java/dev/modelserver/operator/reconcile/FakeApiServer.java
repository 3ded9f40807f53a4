package dev.modelserver.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Objects behind the HTTP of an API server, as far as a pass needs it: get, list by labels, create,
 * server-side apply, delete. It knows no schema and no defaults, and records no fields of managers
 * but that one applied. It refuses what it is told to, and remembers every write.
 */
final class FakeApiServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer http;
  private final Map<String, ObjectNode> objects = new ConcurrentSkipListMap<>();
  private final List<String> writes = new CopyOnWriteArrayList<>();
  private final AtomicLong version = new AtomicLong(100);
  private volatile Optional<Fault> fault = Optional.empty();
  private volatile boolean monitors = true;
  private volatile boolean rules = true;
  private volatile boolean routes = true;

  /**
   * Writes that are refused.
   *
   * @param write verb and kind, such as {@code apply Service}
   * @param holding what the written object holds; empty: whatever it holds
   * @param code HTTP status of the answer
   * @param message what it says
   */
  record Fault(String write, String holding, int code, String message) {}

  /** What a request is about. */
  private record Target(
      String prefix, String plural, Optional<String> name, Optional<String> subresource) {
    static Target of(String path) {
      // /api/v1/namespaces/NAMESPACE/PLURAL/NAME/SUBRESOURCE or /apis/GROUP/VERSION/namespaces/…
      List<String> parts = Arrays.asList(path.substring(1).split("/", -1));
      int start = parts.indexOf("namespaces") + 2;
      return new Target(
          String.join("/", parts.subList(0, start + 1)),
          parts.get(start),
          part(parts, start + 1),
          part(parts, start + 2));
    }

    private static Optional<String> part(List<String> parts, int index) {
      return index < parts.size() ? Optional.of(parts.get(index)) : Optional.empty();
    }

    String key() {
      return prefix + "/" + name.orElse("");
    }
  }

  private record Answer(int code, JsonNode body) {}

  FakeApiServer() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext("/", this::serve);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.start();
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** Refuses these writes from now on. */
  void refuse(Optional<Fault> refused) {
    fault = refused;
  }

  /** Whether the ServiceMonitor CRD is installed. */
  void servesMonitors(boolean served) {
    monitors = served;
  }

  /** Whether the PrometheusRule CRD is installed. */
  void servesRules(boolean served) {
    rules = served;
  }

  /** Whether the CRDs of Gateway API are installed. */
  void servesRoutes(boolean served) {
    routes = served;
  }

  /** Every write so far, as verb, kind and name; also those that were refused. */
  List<String> writes() {
    return List.copyOf(writes);
  }

  void forgetWrites() {
    writes.clear();
  }

  @Override
  public void close() {
    http.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      JsonNode body = text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text);
      Answer answer;
      try {
        answer = answer(exchange, body);
      } catch (RuntimeException e) {
        answer = failure(599, "the fake failed: " + e);
      }
      byte[] bytes = JSON.writeValueAsBytes(answer.body());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.code(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Answer answer(HttpExchange exchange, JsonNode body) {
    String path = exchange.getRequestURI().getPath();
    if (!path.contains("/namespaces/")) {
      return discovery(path);
    }
    Target target = Target.of(path);
    return switch (exchange.getRequestMethod()) {
      case "GET" ->
          target.name().isPresent()
              ? found(target.key())
              : list(target, Optional.ofNullable(exchange.getRequestURI().getQuery()));
      case "POST" -> create(target, body);
      case "PATCH" -> apply(target, body, exchange.getRequestURI().getQuery());
      case "DELETE" -> delete(target);
      default -> failure(405, "no such verb");
    };
  }

  private Answer discovery(String path) {
    List<String> kinds =
        switch (path) {
          case "/apis/monitoring.coreos.com/v1" -> monitoringKinds();
          case "/apis/gateway.networking.k8s.io/v1" ->
              routes ? List.of("HTTPRoute", "GRPCRoute", "BackendTLSPolicy") : List.of();
          default -> List.of();
        };
    if (kinds.isEmpty()) {
      return failure(404, "the server could not find the requested resource");
    }
    ObjectNode list = JSON.createObjectNode().put("kind", "APIResourceList");
    list.put("groupVersion", path.substring("/apis/".length()));
    var resources = list.putArray("resources");
    kinds.forEach(
        kind ->
            resources
                .addObject()
                .put("name", (kind.toLowerCase(Locale.ROOT) + "s").replaceFirst("ys$", "ies"))
                .put("kind", kind)
                .put("namespaced", true));
    return new Answer(200, list);
  }

  private List<String> monitoringKinds() {
    List<String> kinds = new ArrayList<>();
    if (monitors) {
      kinds.add("ServiceMonitor");
    }
    if (rules) {
      kinds.add("PrometheusRule");
    }
    return kinds;
  }

  private Answer found(String key) {
    ObjectNode object = objects.get(key);
    return object == null ? failure(404, key + " not found") : new Answer(200, object);
  }

  private Answer list(Target target, Optional<String> query) {
    Map<String, String> selector = new TreeMap<>();
    query.stream()
        .flatMap(all -> Arrays.stream(all.split("&", -1)))
        .filter(parameter -> parameter.startsWith("labelSelector="))
        .flatMap(
            parameter -> Arrays.stream(parameter.substring(parameter.indexOf('=') + 1).split(",")))
        .map(term -> term.split("=", 2))
        .forEach(term -> selector.put(term[0], term[1]));
    ObjectNode list = JSON.createObjectNode().put("kind", "List").put("apiVersion", "v1");
    list.putObject("metadata");
    var items = list.putArray("items");
    objects.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(target.prefix() + "/"))
        .map(Map.Entry::getValue)
        .filter(object -> selected(object, selector))
        .forEach(items::add);
    return new Answer(200, list);
  }

  private static boolean selected(JsonNode object, Map<String, String> selector) {
    return selector.entrySet().stream()
        .allMatch(
            term ->
                object
                    .path("metadata")
                    .path("labels")
                    .path(term.getKey())
                    .asText()
                    .equals(term.getValue()));
  }

  private Answer create(Target target, JsonNode body) {
    String name = body.at("/metadata/name").asText();
    Optional<Answer> refused = written("create", body.path("kind").asText(), name, body);
    if (refused.isPresent()) {
      return refused.get();
    }
    String key = target.prefix() + "/" + name;
    if (objects.containsKey(key)) {
      return failure(409, name + " already exists");
    }
    return store(key, body.deepCopy(), false);
  }

  private Answer apply(Target target, JsonNode body, @Nullable String query) {
    String kind = body.path("kind").asText() + target.subresource().map(s -> "/" + s).orElse("");
    Optional<Answer> refused = written("apply", kind, target.name().orElseThrow(), body);
    if (refused.isPresent()) {
      return refused.get();
    }
    ObjectNode object =
        Optional.ofNullable(objects.get(target.key()))
            .map(ObjectNode::deepCopy)
            .orElseGet(JSON::createObjectNode);
    if (target.subresource().isPresent()) {
      object.set("status", body.path("status"));
      return store(target.key(), object, false);
    }
    merge(object, body);
    String manager = query != null && query.contains("replicas") ? "" : "modelserver-operator";
    ((ObjectNode) object.path("metadata"))
        .putArray("managedFields")
        .addObject()
        .put("manager", manager)
        .put("operation", "Apply");
    return store(target.key(), object, true);
  }

  /** Maps are merged, anything else is replaced. */
  private static void merge(ObjectNode object, JsonNode body) {
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      if (field.getValue().isObject() && object.get(field.getKey()) instanceof ObjectNode inner) {
        merge(inner, field.getValue());
      } else {
        object.set(field.getKey(), field.getValue());
      }
    }
  }

  private Answer store(String key, ObjectNode object, boolean changed) {
    ObjectNode metadata = (ObjectNode) object.path("metadata");
    if (!metadata.has("uid")) {
      metadata.put("uid", UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString());
      metadata.put("creationTimestamp", "2026-11-22T09:00:00Z");
    }
    metadata.put("resourceVersion", Long.toString(version.incrementAndGet()));
    if (changed) {
      metadata.put("generation", metadata.path("generation").asLong() + 1);
    }
    objects.put(key, object);
    return new Answer(200, object);
  }

  private Answer delete(Target target) {
    ObjectNode object = objects.get(target.key());
    if (object == null) {
      return failure(404, target.key() + " not found");
    }
    Optional<Answer> refused =
        written("delete", object.path("kind").asText(), target.name().orElseThrow(), object);
    if (refused.isPresent()) {
      return refused.get();
    }
    objects.remove(target.key());
    return new Answer(200, object);
  }

  /** Notes a write; the answer if it is refused. */
  private Optional<Answer> written(String verb, String kind, String name, JsonNode object) {
    writes.add(verb + " " + kind + " " + name);
    return fault
        .filter(f -> f.write().equals(verb + " " + kind))
        .filter(f -> object.toString().contains(f.holding()))
        .map(f -> failure(f.code(), f.message()));
  }

  private static Answer failure(int code, String message) {
    return new Answer(
        code,
        JSON.createObjectNode()
            .put("kind", "Status")
            .put("apiVersion", "v1")
            .put("status", "Failure")
            .put("message", message)
            .put("code", code));
  }

  /** Stores an object as it is. */
  void put(String path, ObjectNode object) {
    store(path, object, true);
  }

  /** Takes away every object of a kind. */
  void remove(String kind) {
    objects.values().removeIf(o -> o.path("kind").asText().equals(kind));
  }

  /** The stored objects of a kind. */
  List<JsonNode> ofKind(String kind) {
    return new ArrayList<>(
        objects.values().stream().filter(o -> o.path("kind").asText().equals(kind)).toList());
  }
}
