package dev.modelserver.server.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The part of S3's interface that a reader uses: one object with ranges and conditions, whose
 * answers break off where it is told to; other keys of the bucket say what goes wrong.
 */
final class S3Stand implements HttpHandler, AutoCloseable {

  static final String KEY = "folder/model one+two%.onnx";
  private static final String PATH = "/bucket/folder/model%20one%2Btwo%25.onnx";

  private final byte[] file;
  private final CountDownLatch done = new CountDownLatch(1);

  /** How many bytes of each answer come, one after the other; then whole answers. */
  final Queue<Integer> cuts = new ConcurrentLinkedQueue<>();

  volatile String etag = "\"v1\"";

  /** What the ETag becomes after the first answer. */
  volatile Optional<String> next = Optional.empty();

  /** Whether it knows ranges. */
  volatile boolean ranges = true;

  final Queue<String> seen = new ConcurrentLinkedQueue<>();
  final Queue<String> authorizations = new ConcurrentLinkedQueue<>();
  final AtomicInteger requests = new AtomicInteger();
  final AtomicInteger whole = new AtomicInteger();
  final AtomicInteger resumed = new AtomicInteger();
  final AtomicInteger changed = new AtomicInteger();
  final AtomicInteger unsatisfied = new AtomicInteger();

  S3Stand(byte[] file) {
    this.file = file;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    int count = requests.incrementAndGet();
    String path = exchange.getRequestURI().getRawPath();
    exchange.getRequestHeaders().forEach((name, values) -> seen.add(name + ": " + values));
    seen.add(exchange.getRequestURI().toString());
    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
        .ifPresent(authorizations::add);
    try (exchange) {
      switch (path) {
        case PATH -> object(exchange);
        case "/bucket/folder/sub/weights.bin" -> send(exchange, 200, 0, file.length);
        case "/bucket/slow-down" -> {
          if (count == 1) {
            error(exchange, 503, "SlowDown");
          } else {
            send(exchange, 200, 0, file.length);
          }
        }
        case "/bucket/html" -> html(exchange, 200);
        case "/bucket/html404" -> html(exchange, 404);
        case "/bucket/empty403" -> exchange.sendResponseHeaders(403, -1);
        case "/bucket/moved" -> {
          exchange.getResponseHeaders().set("x-amz-bucket-region", "eu-west-3");
          exchange.getResponseHeaders().set("Location", "https://elsewhere.example/");
          error(exchange, 301, "PermanentRedirect");
        }
        case "/bucket/endless" -> {
          exchange.sendResponseHeaders(404, 0);
          while (true) {
            exchange.getResponseBody().write(new byte[8192]);
          }
        }
        case "/bucket/hang" -> await();
        case "/bucket/stall" -> {
          exchange.sendResponseHeaders(200, file.length);
          exchange.getResponseBody().write(file, 0, 1);
          exchange.getResponseBody().flush();
          await();
        }
        case "/bucket/large" -> exchange.sendResponseHeaders(200, 1L << 30);
        case "/bucket/retry-after" -> {
          exchange.getResponseHeaders().set("Retry-After", "3600");
          error(exchange, 503, "SlowDown");
        }
        default -> {
          List<String> parts = List.of(path.split("/", -1));
          if (parts.size() == 5 && parts.get(2).equals("error")) {
            error(exchange, Integer.parseInt(parts.get(3)), parts.get(4));
          } else {
            error(exchange, 404, parts.get(1).equals("bucket") ? "NoSuchKey" : "NoSuchBucket");
          }
        }
      }
    } catch (IOException e) {
      // the reader has enough
    }
  }

  private void object(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String condition = exchange.getRequestHeaders().getFirst("If-Match");
    String now = etag;
    exchange.getResponseHeaders().set("ETag", now);
    next.ifPresent(value -> etag = value);
    int cut = Optional.ofNullable(cuts.poll()).orElse(file.length);
    int offset = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (condition != null && !condition.equals(now)) {
      changed.incrementAndGet();
      error(exchange, 412, "PreconditionFailed");
    } else if (range != null && ranges && offset >= file.length) {
      unsatisfied.incrementAndGet();
      error(exchange, 416, "InvalidRange");
    } else if (range != null && ranges) {
      resumed.incrementAndGet();
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(offset, file.length - 1, file.length));
      send(exchange, 206, offset, cut);
    } else {
      whole.incrementAndGet();
      send(exchange, 200, 0, cut);
    }
  }

  private void send(HttpExchange exchange, int status, int offset, int cut) throws IOException {
    exchange.getResponseHeaders().set("ETag", etagOf(exchange));
    int length = file.length - offset;
    exchange.sendResponseHeaders(status, length);
    exchange.getResponseBody().write(file, offset, Math.min(cut, length));
    exchange.getResponseBody().flush();
  }

  private String etagOf(HttpExchange exchange) {
    String set = exchange.getResponseHeaders().getFirst("ETag");
    return set == null ? etag : set;
  }

  private static void html(HttpExchange exchange, int status) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    body(exchange, status, "<!doctype html><html><body>Console</body></html>");
  }

  static void error(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    body(
        exchange,
        status,
        "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>told to the log alone</Message></Error>"
            .formatted(code));
  }

  static void body(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private void await() {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    done.countDown();
  }
}
