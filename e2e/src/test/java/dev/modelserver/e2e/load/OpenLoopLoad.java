package dev.modelserver.e2e.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Calls that arrive at a fixed rate whatever becomes of the earlier ones, each on a virtual thread.
 * Nothing is retried. A reset, a timeout, a status other than 200 and an answer that the check
 * refuses are failures. Only one thing is forgiven, because every good client does it: a pooled
 * connection that the server has already closed is replaced before it is used.
 *
 * <p>Calls go from this process to the Service's cluster IP. Where that is not routable from here
 * (kind on a Mac, for example), run the tests inside the cluster's network.
 */
public final class OpenLoopLoad implements AutoCloseable {
  /** Longest time from sending to the complete answer. */
  public static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final int POOL_SIZE = 16;

  /**
   * What is sent.
   *
   * @param uri plain http
   * @param mix kinds of connections, taken in turn
   * @param problem what is wrong with an answer of status 200, empty for nothing
   */
  public record Plan(
      URI uri,
      String body,
      int perSecond,
      Duration timeout,
      List<Connections> mix,
      Function<HttpAnswer, Optional<String>> problem) {}

  private final Plan plan;
  private final InetSocketAddress address;
  private final Deque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
  private final Queue<LoadResult.Call> calls = new ConcurrentLinkedQueue<>();
  private final AtomicInteger sent = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread pacer;
  private volatile boolean stopping;

  private OpenLoopLoad(Plan plan, InetSocketAddress address) {
    this.plan = plan;
    this.address = address;
    this.pacer = Thread.ofPlatform().name("load").unstarted(this::pace);
  }

  /** Starts sending; {@link #stop()} ends it. */
  public static OpenLoopLoad start(Plan plan) {
    return start(plan, new InetSocketAddress(plan.uri().getHost(), port(plan.uri())));
  }

  /** The same by way of a proxy at an address, which is asked for the host of the URI. */
  public static OpenLoopLoad start(Plan plan, InetSocketAddress proxy) {
    OpenLoopLoad load = new OpenLoopLoad(plan, proxy);
    load.pacer.start();
    return load;
  }

  /** Calls sent up to now. */
  public int sent() {
    return sent.get();
  }

  /** Waits until so many more calls are sent. */
  public void awaitMore(int calls) {
    int target = sent() + calls;
    Awaitility.await(target + " calls are sent")
        .atMost(Duration.ofMinutes(2))
        .until(() -> sent() >= target);
  }

  /** Calls that failed up to now. */
  public long failed() {
    return calls.stream().filter(call -> call.failure() != null).count();
  }

  /** Stops sending, waits for the calls under way, and counts. */
  public LoadResult stop() {
    stopping = true;
    try {
      pacer.join();
      threads.shutdown();
      if (!threads.awaitTermination(plan.timeout().toSeconds() + 30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("calls are still under way long after their timeout");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while calls were under way", e);
    }
    idle.forEach(HttpConnection::close);
    idle.clear();
    return LoadResult.of(List.copyOf(calls));
  }

  @Override
  public void close() {
    stop();
  }

  private void pace() {
    long start = System.nanoTime();
    Instant startInstant = Instant.now();
    for (int i = 0; !stopping; i++) {
      long offset = i * 1_000_000_000L / plan.perSecond();
      for (long wait = wait(start, offset); wait > 0 && !stopping; wait = wait(start, offset)) {
        LockSupport.parkNanos(wait);
      }
      if (stopping) {
        return;
      }
      Connections connections = plan.mix().get(i % plan.mix().size());
      sent.incrementAndGet();
      threads.execute(
          () -> calls.add(call(connections, start + offset, startInstant.plusNanos(offset))));
    }
  }

  private static long wait(long start, long offset) {
    return start + offset - System.nanoTime();
  }

  private LoadResult.Call call(Connections connections, long dueNanos, Instant due) {
    @Nullable String digest = null;
    @Nullable String failure;
    try {
      HttpAnswer answer = send(connections);
      if (answer.status() == 200) {
        digest = answer.header("X-Model-Digest").orElse("no digest");
        failure = plan.problem().apply(answer).orElse(null);
      } else {
        failure = "status " + answer.status() + ": " + answer.body().lines().findFirst().orElse("");
      }
    } catch (IOException | RuntimeException e) {
      failure = e.getClass().getSimpleName() + ": " + e.getMessage();
    }
    return new LoadResult.Call(
        due, connections, Duration.ofNanos(System.nanoTime() - dueNanos), digest, failure);
  }

  private HttpAnswer send(Connections connections) throws IOException {
    long deadline = System.nanoTime() + plan.timeout().toNanos();
    HttpConnection connection =
        connections == Connections.NEW ? HttpConnection.open(address, plan.timeout()) : pooled();
    boolean keep = false;
    try {
      HttpAnswer answer = connection.call(request(connections), deadline);
      keep = connections == Connections.KEEP_ALIVE && !answer.closes() && idle.size() < POOL_SIZE;
      return answer;
    } finally {
      if (keep) {
        idle.addLast(connection);
      } else {
        connection.close();
      }
    }
  }

  /**
   * The connection that has been idle longest, so that all are used in turn; a new one when none is
   * idle.
   */
  private HttpConnection pooled() throws IOException {
    for (HttpConnection connection = idle.pollFirst();
        connection != null;
        connection = idle.pollFirst()) {
      if (connection.isReusable()) {
        return connection;
      }
      connection.close();
    }
    return HttpConnection.open(address, plan.timeout());
  }

  private byte[] request(Connections connections) {
    byte[] body = plan.body().getBytes(StandardCharsets.UTF_8);
    String head =
        "POST "
            + plan.uri().getRawPath()
            + " HTTP/1.1\r\nHost: "
            + plan.uri().getHost()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + (connections == Connections.NEW ? "\r\nConnection: close" : "")
            + "\r\n\r\n";
    return (head + plan.body()).getBytes(StandardCharsets.UTF_8);
  }

  private static int port(URI uri) {
    return uri.getPort() < 0 ? 80 : uri.getPort();
  }
}
