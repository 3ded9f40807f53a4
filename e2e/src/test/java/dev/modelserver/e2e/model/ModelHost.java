package dev.modelserver.e2e.model;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelserver.e2e.cluster.Cluster;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server in the test's own process from which pods fetch models, and which fails as told. */
public final class ModelHost implements AutoCloseable {
  private interface Answer {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private ModelHost(HttpServer server) {
    this.server = server;
  }

  /** Starts it on the address under which the cluster's pods reach this process. */
  public static ModelHost start(Cluster cluster) throws IOException {
    ModelHost host =
        new ModelHost(HttpServer.create(new InetSocketAddress(address(cluster), 0), 0));
    host.server.setExecutor(host.threads);
    host.server.createContext("/", host::handle);
    host.server.start();
    return host;
  }

  /** The address of a path. */
  public String uri(String path) {
    return "http://"
        + server.getAddress().getAddress().getHostAddress()
        + ":"
        + server.getAddress().getPort()
        + path;
  }

  /** Where it listens. */
  public InetAddress address() {
    return server.getAddress().getAddress();
  }

  /** From now on the path answers with these bytes. */
  public void serve(String path, byte[] content) {
    answers.put(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
        });
  }

  /** From now on the path answers with a status and no content. */
  public void fail(String path, int status) {
    answers.put(path, exchange -> exchange.sendResponseHeaders(status, -1));
  }

  /** From now on the path takes requests and never answers. */
  public void hang(String path) {
    answers.put(path, exchange -> closed.await());
  }

  /** How often the path was asked for. */
  public long requests(String path) {
    return requests.stream().filter(path::equals).count();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(path);
    try (exchange) {
      answers.getOrDefault(path, unknown -> unknown.sendResponseHeaders(404, -1)).to(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The configured address, else the one from which packets to the node leave: the node's pods find
   * it too.
   */
  private static InetAddress address(Cluster cluster) throws IOException {
    if (cluster.settings().hostAddress().isPresent()) {
      return InetAddress.getByName(cluster.settings().hostAddress().get());
    }
    String node =
        cluster.client().nodes().list().getItems().stream()
            .flatMap(each -> each.getStatus().getAddresses().stream())
            .filter(each -> each.getType().equals("InternalIP"))
            .map(each -> each.getAddress())
            .findFirst()
            .orElseThrow(
                () -> new IllegalStateException("no node has an InternalIP: set E2E_HOST_ADDRESS"));
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(InetAddress.getByName(node), 9);
      InetAddress local = socket.getLocalAddress();
      if (local.isLoopbackAddress() || local.isAnyLocalAddress()) {
        throw new IllegalStateException("pods cannot reach " + local + ": set E2E_HOST_ADDRESS");
      }
      return local;
    }
  }
}
