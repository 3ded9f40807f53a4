package dev.modelserver.operator.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelserver.operator.faults.Interference.WatchEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Stands between one operator and the API server: plain HTTP/1.1 on a port of its own, recording
 * every write, and doing to writes and watch events what an {@link Interference} says. What passes
 * has the rights that the chart grants the operator.
 *
 * <p>A WebSocket is answered with 200, which makes the client watch over HTTP: one event a line.
 */
public final class FaultProxy implements AutoCloseable {
  private static final Duration LATE = Duration.ofSeconds(2);
  private static final String GONE =
      """
      {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
      "message":"too old resource version","reason":"Expired","code":410}}
      """;

  static {
    // Otherwise every answer waits 40 ms for the acknowledgement of its header.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final ControlPlane plane;
  private final HttpClient upstream;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Write> writes = new CopyOnWriteArrayList<>();
  private final Set<InputStream> watches = ConcurrentHashMap.newKeySet();
  private volatile Interference interference = Interference.NONE;
  private volatile @Nullable Past past;

  /**
   * What is seen instead of the present.
   *
   * @param version the resource version that informers begin with
   * @param over opens when their watches may go on
   */
  private record Past(long version, CountDownLatch over) {}

  private FaultProxy(ControlPlane plane, HttpServer server) {
    this.plane = plane;
    this.upstream = plane.http();
    this.server = server;
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** Starts one that lets everything through. */
  public static FaultProxy start(ControlPlane plane) {
    try {
      return new FaultProxy(
          plane, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the operator finds it. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Asks this from now on. */
  public void interfere(Interference with) {
    interference = with;
  }

  /**
   * From now on informers see the world as it was at a resource version, and nothing later: the
   * lists that they begin with may come from the cache of an API server that lags behind. What is
   * read otherwise, and what is written, is of the present.
   */
  void showPast(long version) {
    past = new Past(version, new CountDownLatch(1));
  }

  /** Lets the watches of the past catch up with the present. */
  void showPresent() {
    Past ended = Objects.requireNonNull(past);
    past = null;
    ended.over().countDown();
  }

  /** Every write so far, in the order of their arrival at the API server or of their loss. */
  public List<Write> writes() {
    return List.copyOf(writes);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestHeaders().containsKey("Upgrade")) {
        exchange.sendResponseHeaders(200, -1);
      } else if (!exchange.getRequestMethod().equals("GET")) {
        write(exchange);
      } else if (watches(exchange.getRequestURI())) {
        watch(exchange);
      } else {
        answer(exchange, forward(exchange, new byte[0], HttpResponse.BodyHandlers.ofByteArray()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean watches(URI uri) {
    return uri.getQuery() != null && uri.getQuery().contains("watch=true");
  }

  private void write(HttpExchange exchange) throws IOException, InterruptedException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Write write = Write.of(exchange.getRequestMethod(), exchange.getRequestURI(), body);
    if (!interference.reaches(write)) {
      writes.add(write);
      return;
    }
    HttpResponse<byte[]> response =
        forward(exchange, body, HttpResponse.BodyHandlers.ofByteArray());
    Write answered = write.answered(response.statusCode());
    writes.add(answered);
    if (interference.answers(answered)) {
      answer(exchange, response);
    }
  }

  private void watch(HttpExchange exchange) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        forward(exchange, new byte[0], HttpResponse.BodyHandlers.ofInputStream());
    String resource = resource(exchange.getRequestURI());
    InputStream body = response.body();
    watches.add(body);
    try (body;
        BufferedReader events =
            new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(response.statusCode(), 0);
      OutputStream out = exchange.getResponseBody();
      for (String line = events.readLine(); line != null; line = events.readLine()) {
        if (!deliver(new WatchEvent(resource, line), out)) {
          return;
        }
      }
    } finally {
      watches.remove(body);
    }
  }

  /** Delivers an event; false if the watch is over. */
  private boolean deliver(WatchEvent event, OutputStream out)
      throws IOException, InterruptedException {
    Past seen = past;
    if (seen != null) {
      seen.over().await();
    }
    Interference.Delivery delivery =
        event.bookmark() ? Interference.Delivery.ONCE : interference.deliver(event);
    switch (delivery) {
      case ONCE -> send(event.json() + "\n", out);
      case NEVER -> {}
      case TWICE -> send(event.json() + "\n" + event.json() + "\n", out);
      case LATE -> {
        Thread.sleep(LATE);
        send(event.json() + "\n", out);
      }
      case CUT -> {
        return false;
      }
      case EXPIRED -> {
        send(GONE, out);
        return false;
      }
    }
    return true;
  }

  private static void send(String lines, OutputStream out) throws IOException {
    out.write(lines.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String resource(URI uri) {
    return uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
  }

  /** Resource version 0 means: whatever the API server has at hand. */
  private URI atItsTime(URI uri) {
    Past seen = past;
    return seen == null
        ? uri
        : URI.create(
            uri.toString()
                .replaceFirst(
                    "([?&])resourceVersion=0(?=&|$)",
                    "$1resourceVersion=%d&resourceVersionMatch=Exact".formatted(seen.version())));
  }

  private <T> HttpResponse<T> forward(
      HttpExchange exchange, byte[] body, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(plane.url().resolve(atItsTime(exchange.getRequestURI())))
            .header("Authorization", plane.authorization())
            .header("Impersonate-User", ChartRules.NAME)
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    for (String header : List.of("Content-Type", "Accept")) {
      String value = exchange.getRequestHeaders().getFirst(header);
      if (value != null) {
        request.header(header, value);
      }
    }
    return upstream.send(request.build(), handler);
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    response
        .headers()
        .firstValue("Content-Type")
        .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
    byte[] body = response.body();
    exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    for (InputStream watch : watches) {
      try {
        watch.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    threads.shutdownNow();
  }
}
