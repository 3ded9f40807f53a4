package dev.modelserver.server.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.ServerProcess;
import dev.modelserver.server.robust.LoadClient.Answer;
import io.netty.handler.codec.http.FullHttpResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten times the load that the server can answer: it goes on answering what it can, refuses the rest
 * in good order, stays healthy, and is itself again afterwards. {@code -Doverload.seconds=30} goes
 * on for longer. The figures are printed, not judged: how fast they are is the machine's.
 */
class Overload {

  private static final int FACTOR = 10;

  /** More than can wait in the queue, so that a refusal finds a connection at once. */
  private static final int CONNECTIONS = 512;

  private static final int PEAK_CONNECTIONS = 8;
  private static final int IN_A_ROW = 20;

  /** A request is as fast as before when it takes no more than so many medians of the peak. */
  private static final int MULTIPLE = 5;

  private static final int TIMEOUT_MILLIS = 30_000;
  private static final byte[] REQUEST = Http1.json("/predict", "{\"features\":[1]}");

  @Test
  void refusesWhatIsTooMuchAndAnswersTheRest(@TempDir Path folder) throws Exception {
    Duration time = Duration.ofSeconds(Integer.getInteger("overload.seconds", 3));
    try (ServerProcess server = ServerProcess.start(folder, "matmul-chain", "{}");
        LoadClient client =
            new LoadClient(server.port(), CONNECTIONS, REQUEST, Overload::problem)) {
      assertThat(server.get("/info").body()).doesNotContain("\"mode\":\"event_loop\"");
      var _ = client.closedLoop(PEAK_CONNECTIONS, Duration.ofSeconds(1));
      Duration peakTime = Duration.ofSeconds(2);
      List<Answer> peak = client.closedLoop(PEAK_CONNECTIONS, peakTime);
      double peakRate = peak.size() / (peakTime.toNanos() / 1e9);
      long median = percentile(nanos(peak, 200), 50);
      assertThat(peak).isNotEmpty().allMatch(answer -> answer.status() == 200);

      Health health = new Health(server.managementPort());
      long start = System.nanoTime();
      client.openLoop(FACTOR * peakRate, time);
      long end = System.nanoTime();
      long[] healthy = health.stop();
      double recovery = recovery(server.port(), MULTIPLE * median) / 1e6;
      List<Answer> answers = client.settle();

      long good =
          answers.stream().filter(answer -> answer.status() == 200 && answer.done() <= end).count();
      double goodput = good / ((end - start) / 1e9);
      long[] refused = nanos(answers, 503);
      System.getLogger(Overload.class.getName())
          .log(
              System.Logger.Level.INFO,
              String.format(
                  Locale.ROOT,
                  """
                  overload:
                  peak goodput: %.0f answers/s, median %.1f ms
                  offered: %.0f requests/s for %d s
                  goodput: %.0f answers/s, %.0f %% of the peak
                  refused: %d of %d requests
                  time to refuse: p50 %.1f ms, p99 %.1f ms
                  management /health: %d probes, p50 %.1f ms, p99 %.1f ms, max %.1f ms
                  recovery: %.0f ms\
                  """,
                  peakRate,
                  median / 1e6,
                  FACTOR * peakRate,
                  time.toSeconds(),
                  goodput,
                  100 * goodput / peakRate,
                  refused.length,
                  answers.size(),
                  millis(refused, 50),
                  millis(refused, 99),
                  healthy.length,
                  millis(healthy, 50),
                  millis(healthy, 99),
                  millis(healthy, 100),
                  recovery));
      assertThat(client.failures()).isEmpty();
      assertThat(health.failures).isEmpty();
      assertThat(healthy).isNotEmpty();
      assertThat(good).isPositive();
      assertThat(refused).isNotEmpty();
    }
  }

  private static String problem(FullHttpResponse response) {
    String body = response.content().toString(StandardCharsets.UTF_8);
    boolean right =
        switch (response.status().code()) {
          case 200 -> body.contains("64.0");
          case 503 ->
              response.headers().contains("Retry-After") && body.startsWith("{\"error\":\"");
          default -> false;
        };
    return right ? "" : response.status() + " " + response.headers() + " " + body;
  }

  /** Nanoseconds until the first of so many requests in a row that are as fast as before. */
  private static long recovery(int port, long limitNanos) throws IOException {
    long end = System.nanoTime();
    try (Wire wire = new Wire(port, TIMEOUT_MILLIS)) {
      long first = 0;
      for (int row = 0; row < IN_A_ROW; ) {
        long sent = System.nanoTime();
        assertThat(sent - end).as("still not recovered").isLessThan(60_000_000_000L);
        wire.send(REQUEST);
        Wire.Reply reply = wire.read(false);
        if (reply == null) {
          throw new EOFException("closed without an answer");
        }
        assertThat(reply.status()).as(reply.text()).isIn(200, 503);
        long done = System.nanoTime();
        if (reply.status() != 200 || done - sent > limitNanos) {
          row = 0;
          LockSupport.parkNanos(5_000_000);
        } else if (row++ == 0) {
          first = done;
        }
      }
      return first - end;
    }
  }

  private static long[] nanos(List<Answer> answers, int status) {
    return answers.stream()
        .filter(answer -> answer.status() == status)
        .mapToLong(Answer::nanos)
        .sorted()
        .toArray();
  }

  private static long percentile(long[] sorted, int percent) {
    return sorted.length == 0
        ? 0
        : sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1)];
  }

  private static double millis(long[] sorted, int percent) {
    return percentile(sorted, percent) / 1e6;
  }

  /** Asks as the kubelet does, each time over a new connection. */
  private static final class Health {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final List<Long> nanos = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Thread thread;

    Health(int port) {
      thread = Thread.ofPlatform().name("health").start(() -> ask(port));
    }

    private void ask(int port) {
      byte[] request = Http1.bodiless("GET /health HTTP/1.1", "Connection: close");
      for (long due = System.nanoTime(); !stopping.get(); due += EVERY_NANOS) {
        LockSupport.parkNanos(due - System.nanoTime());
        long sent = System.nanoTime();
        try (Wire wire = new Wire(port, TIMEOUT_MILLIS)) {
          wire.send(request);
          Wire.Reply reply = wire.read(false);
          if (reply == null || reply.status() != 200) {
            failures.add(String.valueOf(reply));
          }
        } catch (IOException e) {
          failures.add(e.toString());
        }
        nanos.add(System.nanoTime() - sent);
      }
    }

    /** The times of all probes, sorted. */
    long[] stop() throws InterruptedException {
      stopping.set(true);
      thread.join();
      long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
      Arrays.sort(sorted);
      return sorted;
    }
  }
}
