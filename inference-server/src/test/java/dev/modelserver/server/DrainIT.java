package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pod that leaves: clients come over old and new connections until they have heard of it, and
 * none may fail.
 */
class DrainIT {

  private final AtomicBoolean sending = new AtomicBoolean(true);
  private final AtomicInteger answered = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  @Test
  void failsNoRequestWhileItDrains(@TempDir Path folder) throws IOException, InterruptedException {
    try (ServerProcess server =
        ServerProcess.start(folder, "integer-labels", "{\"drainDelayMillis\":10000}")) {
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        boolean keepAlive = i % 2 == 0;
        clients.add(Thread.ofPlatform().start(() -> load(server, keepAlive)));
      }
      awaitAnswers(100);

      long signal = System.nanoTime();
      server.process().destroy();
      await().until(() -> server.management("/ready").statusCode() == 503);
      // clients go on until the endpoints have heard of it
      awaitAnswers(100);
      sending.set(false);
      for (Thread client : clients) {
        client.join();
      }

      assertThat(failures).isEmpty();
      assertThat(server.post("/predict", "{\"features\":[1,2]}").headers().firstValue("Connection"))
          .contains("close");
      assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(server.process().exitValue()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - signal))
          .isGreaterThan(Duration.ofMillis(9900));
    }
  }

  @Test
  void answersAStuckRunAtItsDeadlineAndEndsAllTheSame(@TempDir Path folder)
      throws IOException, InterruptedException {
    try (ServerProcess server =
        ServerProcess.start(
            folder,
            "endless",
            "{\"drainDelayMillis\":0,\"requestTimeoutMillis\":500,\"runtime\":{\"instances\":1}}")) {
      HttpResponse<String> response = server.post("/predict", "{\"features\":[1]}");

      assertThat(response.statusCode()).isEqualTo(504);
      assertThat(response.body()).contains("no answer within 500 ms");
      await()
          .untilAsserted(
              () ->
                  assertThat(server.post("/predict", "{\"features\":[0]}").statusCode())
                      .isEqualTo(200));
      server.process().destroy();
      assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(server.process().exitValue()).isZero();
    }
  }

  /** Waits for further answers, as long as no request fails. */
  private void awaitAnswers(int number) {
    int end = answered.get() + number;
    await().failFast(() -> assertThat(failures).isEmpty()).until(() -> answered.get() >= end);
  }

  private void load(ServerProcess server, boolean keepAlive) {
    HttpClient kept = client();
    while (sending.get()) {
      HttpClient client = keepAlive ? kept : client();
      try {
        HttpRequest request =
            HttpRequest.newBuilder(server.uri("/predict"))
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString("{\"features\":[1,2]}"))
                .build();
        int status = client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        if (status == 200) {
          answered.incrementAndGet();
        } else {
          failures.add("status " + status);
        }
      } catch (IOException | InterruptedException e) {
        failures.add(e.toString());
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
