package dev.modelserver.server.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of one file that knows ranges, and breaks off answers where it is told to. */
final class RangeStore implements AutoCloseable {

  private final HttpServer server;
  private final byte[] file;

  /** How many bytes of each answer come, one after the other; then whole answers. */
  private final Queue<Integer> cuts = new ConcurrentLinkedQueue<>();

  /** What tells the version: name and value of a header. */
  volatile List<String> validator = List.of("ETag", "\"v1\"");

  /** Whether it knows ranges. */
  volatile boolean ranges = true;

  /** What stands in Content-Range instead of the right value. */
  volatile Optional<String> contentRange = Optional.empty();

  /** What the ETag becomes after the first answer. */
  volatile Optional<String> next = Optional.empty();

  final AtomicInteger whole = new AtomicInteger();
  final AtomicInteger resumed = new AtomicInteger();
  final AtomicInteger unsatisfied = new AtomicInteger();
  final Queue<String> conditions = new ConcurrentLinkedQueue<>();

  RangeStore(byte[] file, List<Integer> cuts) throws IOException {
    this.file = file;
    this.cuts.addAll(cuts);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:%d/m.onnx".formatted(server.getAddress().getPort()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String range = exchange.getRequestHeaders().getFirst("Range");
      String condition = exchange.getRequestHeaders().getFirst("If-Range");
      if (!validator.isEmpty()) {
        exchange.getResponseHeaders().set(validator.get(0), validator.get(1));
      }
      boolean same = condition == null || condition.equals(validator.get(1));
      if (condition != null) {
        conditions.add(condition);
      }
      next.ifPresent(etag -> validator = List.of("ETag", etag));
      int offset = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
      Integer cut = cuts.poll();
      if (range != null && ranges && same && offset >= file.length) {
        unsatisfied.incrementAndGet();
        exchange.sendResponseHeaders(416, -1);
      } else if (range != null && ranges && same) {
        resumed.incrementAndGet();
        exchange
            .getResponseHeaders()
            .set(
                "Content-Range",
                contentRange.orElse(
                    "bytes %d-%d/%d".formatted(offset, file.length - 1, file.length)));
        send(exchange, 206, offset, cut);
      } else {
        whole.incrementAndGet();
        send(exchange, 200, 0, cut);
      }
    }
  }

  private void send(HttpExchange exchange, int status, int offset, Integer cut) throws IOException {
    int length = file.length - offset;
    exchange.sendResponseHeaders(status, length);
    exchange.getResponseBody().write(file, offset, cut == null ? length : Math.min(cut, length));
    exchange.getResponseBody().flush();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
