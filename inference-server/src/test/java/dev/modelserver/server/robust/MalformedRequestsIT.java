package dev.modelserver.server.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends malformed requests of many classes to one process, good ones beside them, and judges every
 * answer. {@code -Dmalformed.count=2000} sends so many of each class, {@code -Dmalformed.only=WORD}
 * only the classes with that word in their names, {@code -Dmalformed.seed=N} others.
 */
class MalformedRequestsIT {

  private static final int COUNT = Integer.getInteger("malformed.count", 20);
  private static final long SEED = Long.getLong("malformed.seed", 1);
  private static final String ONLY = System.getProperty("malformed.only", "");

  /** The heap of a container with the default limit of 512Mi. */
  private static final Map<String, String> MEMORY = Map.of("JAVA_TOOL_OPTIONS", "-Xmx205m");

  private static final int CLIENTS = 4;
  private static final int MAX_FAILURES = 30;

  private final Tally tally = new Tally();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  @Test
  void nothingButRefusalsComesBack(@TempDir Path folder) throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(folder, "integer-labels", "{}", MEMORY)) {
      List<MalformedClass> classes =
          AllClasses.of(server).stream().filter(each -> each.name().contains(ONLY)).toList();
      // the first round fills the heap and the caches that stay
      send(server, classes, Math.min(COUNT, 20), 0);
      long before = residentKib(server.process());
      AtomicLong good = new AtomicLong();
      AtomicBoolean going = new AtomicBoolean(true);
      Thread beside = Thread.ofPlatform().start(() -> good(server.port(), going, good));

      send(server, classes, COUNT, 1);
      going.set(false);
      beside.join();

      long after = residentKib(server.process());
      System.out.println(tally.table());
      System.out.printf(
          "good requests beside them %d; resident KiB before %d, after %d, growth %d%n",
          good.get(), before, after, after - before);
      assertThat(failures).isEmpty();
      assertThat(server.process().isAlive()).isTrue();
      assertThat(server.management("/health").statusCode()).isEqualTo(200);
      assertThat(server.management("/ready").statusCode()).isEqualTo(200);
      assertThat(server.post("/predict", "{\"features\":[3,1]}").body())
          .contains(Target.GOOD_ANSWER);
      assertThat(good.get()).isPositive();
      assertThat(server.log("serve")).doesNotContain(" ERROR ");
    }
  }

  private void send(ServerProcess server, List<MalformedClass> classes, int count, int round)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (Target target = new Target(server.port(), server.grpcPort())) {
                      for (int job = next.getAndIncrement();
                          job < count * classes.size() && failures.size() < MAX_FAILURES;
                          job = next.getAndIncrement()) {
                        int index = job / classes.size();
                        MalformedClass each = classes.get(job % classes.size());
                        if (index % each.share() == 0) {
                          send(target, each, index, round);
                        }
                      }
                    } catch (IOException e) {
                      failures.add("a connection does not close: " + e);
                    }
                  }));
    }
    for (Thread client : clients) {
      client.join();
    }
  }

  private void send(Target target, MalformedClass each, int index, int round) {
    long seed = SEED * 1_000_003 + each.name().hashCode() * 31L + index * 2L + round;
    Trial trial = each.generator().apply(new SplittableRandom(seed));
    try {
      tally.add(each.name(), trial.run(target));
    } catch (IOException | Trial.Violation | RuntimeException e) {
      failures.add(each.name() + " #" + index + "." + round + ": " + e + " for " + trial.excerpt());
    }
  }

  /** Asks again and again what must be answered well all the time. */
  private void good(int port, AtomicBoolean going, AtomicLong answered) {
    try (Wire wire = new Wire(port, Target.SILENCE_MILLIS)) {
      while (going.get()) {
        wire.send(Target.GOOD);
        Wire.Reply reply = wire.read(false);
        if (reply == null || reply.status() != 200 || !reply.text().contains(Target.GOOD_ANSWER)) {
          failures.add("a good request beside them got " + reply);
          return;
        }
        answered.incrementAndGet();
      }
    } catch (IOException e) {
      failures.add("a good request beside them failed: " + e);
    }
  }

  private static long residentKib(Process process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    return Files.exists(status)
        ? Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElse(0)
        : 0;
  }
}
