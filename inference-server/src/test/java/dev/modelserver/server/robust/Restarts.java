package dev.modelserver.server.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is started, loaded and told to end, again and again. Clients go on over old and new
 * connections for most of the drain delay, as they do until a cluster's endpoints have changed, and
 * every request that one of them begins must be answered. {@code -Drestarts=200} goes on for
 * longer.
 */
class Restarts {

  private static final int DRAIN_MILLIS = 1500;
  private static final long HEARD_AFTER_MILLIS = 600;
  private static final int CLIENTS = 4;
  private static final int WARM = 100;

  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong afterSignal = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile long signal;

  @Test
  void noRequestFailsAndEveryProcessEndsWell(@TempDir Path folder) throws Exception {
    int restarts = Integer.getInteger("restarts", 5);
    List<Long> ends = new ArrayList<>();
    try (ServerProcess server =
        ServerProcess.start(
            folder, "integer-labels", "{\"drainDelayMillis\":" + DRAIN_MILLIS + "}")) {
      for (int i = 0; i < restarts; i++) {
        if (i > 0) {
          server.startAgain();
        }
        ends.add(end(server));
        assertThat(server.process().exitValue()).as(server.log("serve")).isZero();
        if ((i + 1) % 20 == 0 || i + 1 == restarts) {
          tell(ends);
        }
      }
    }
    assertThat(failures).isEmpty();
    assertThat(afterSignal.get()).isGreaterThan(restarts);
  }

  private void tell(List<Long> ends) {
    List<Long> sorted = ends.stream().sorted().toList();
    System.getLogger(Restarts.class.getName())
        .log(
            System.Logger.Level.INFO,
            "restarts: {0}, {1} requests answered, {2} of them begun after SIGTERM, {3} failed {6}; SIGTERM to exit: median {4} ms, most {5} ms",
            Integer.toString(ends.size()),
            Long.toString(answered.get()),
            Long.toString(afterSignal.get()),
            Integer.toString(failures.size()),
            Long.toString(sorted.get(sorted.size() / 2)),
            Long.toString(sorted.getLast()),
            failures);
  }

  /** Loads the server, ends it, and returns how many milliseconds the end took. */
  private long end(ServerProcess server) throws InterruptedException {
    signal = 0;
    long before = answered.get();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      boolean keepAlive = i % 2 == 0;
      clients.add(Thread.ofPlatform().start(() -> load(server.uri("/predict"), keepAlive)));
    }
    await().until(() -> answered.get() - before > WARM || !failures.isEmpty());
    signal = System.nanoTime();
    server.process().destroy();
    for (Thread client : clients) {
      client.join();
    }
    assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - signal);
  }

  /** Whether a client's cluster would have told it by now that the server is leaving. */
  private boolean heard() {
    return signal != 0
        && System.nanoTime() - signal > TimeUnit.MILLISECONDS.toNanos(HEARD_AFTER_MILLIS);
  }

  private void load(URI uri, boolean keepAlive) {
    HttpClient kept = client();
    while (!heard()) {
      HttpClient client = keepAlive ? kept : client();
      boolean late = signal != 0;
      try {
        HttpRequest request =
            HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString("{\"features\":[1,2]}"))
                .build();
        int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 200) {
          failures.add("status " + status);
        }
        answered.incrementAndGet();
        if (late) {
          afterSignal.incrementAndGet();
        }
      } catch (IOException | InterruptedException e) {
        long since = signal == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - signal);
        failures.add(
            (late ? "begun after the signal" : "begun before it")
                + ", failed "
                + since
                + " ms after it, "
                + (keepAlive ? "kept connection: " : "new connection: ")
                + e);
      } finally {
        if (!keepAlive) {
          client.shutdownNow();
        }
      }
    }
    kept.shutdownNow();
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }
}
