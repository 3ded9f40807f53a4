package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ServerReadyRequest;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pod that leaves, with gRPC clients: they go on over old and new connections until they have
 * heard of it, and none may fail.
 */
class GrpcDrainIT {

  private static final ModelInferRequest REQUEST =
      GrpcClient.request("integer-labels", 2, 1, 2).build();

  private final AtomicBoolean sending = new AtomicBoolean(true);

  /** The answers to calls over the connection that is kept, and over new ones. */
  private final AtomicInteger overKept = new AtomicInteger();

  private final AtomicInteger overNew = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  @Test
  void failsNoCallWhileItDrains(@TempDir Path folder) throws IOException, InterruptedException {
    try (ServerProcess server =
            ServerProcess.start(folder, "integer-labels", "{\"drainDelayMillis\":10000}");
        GrpcClient kept = new GrpcClient(server)) {
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        boolean keep = i % 2 == 0;
        clients.add(Thread.ofPlatform().start(() -> load(server, keep ? kept : null)));
      }
      Iterator<HealthCheckResponse> health =
          HealthGrpc.newBlockingStub(kept.channel()).watch(HealthCheckRequest.getDefaultInstance());
      assertThat(health.next().getStatus()).isEqualTo(ServingStatus.SERVING);
      awaitAnswers(30);
      AtomicInteger departures = new AtomicInteger();
      countDepartures(kept, departures);

      long signal = System.nanoTime();
      server.process().destroy();
      assertThat(health.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
      // clients go on until the endpoints have heard of it
      awaitAnswers(30);
      assertThat(kept.stub().serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
          .isFalse();
      sending.set(false);
      for (Thread client : clients) {
        client.join();
      }

      assertThat(failures).isEmpty();
      // the connection of before the signal was given up, a new one taken
      assertThat(departures.get()).isPositive();
      assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(server.process().exitValue()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - signal))
          .isGreaterThan(Duration.ofMillis(9_900));
    }
  }

  @Test
  void finishesACallInFlight(@TempDir Path folder) throws IOException, InterruptedException {
    try (ServerProcess server =
            ServerProcess.start(
                folder, "endless", "{\"drainDelayMillis\":0,\"requestTimeoutMillis\":3000}");
        GrpcClient client = new GrpcClient(server)) {
      GRPCInferenceServiceBlockingStub stub = client.stub();
      List<Status> ends = new ArrayList<>();
      Thread caller =
          Thread.ofPlatform()
              .start(
                  () ->
                      ends.add(
                          GrpcClient.failure(
                              () -> stub.modelInfer(GrpcClient.request("endless", 1, 1).build()))));
      await()
          .untilAsserted(
              () ->
                  assertThat(server.get("/metrics").body())
                      .containsPattern("ml_active_requests\\{[^}]*} 1"));

      server.process().destroy();
      caller.join();

      // the run had its whole time, and its caller the server's own answer
      assertThat(ends).extracting(Status::getCode).containsExactly(Status.Code.DEADLINE_EXCEEDED);
      assertThat(ends.getFirst().getDescription()).startsWith("no answer within 3000 ms");
      assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(server.process().exitValue()).isZero();
    }
  }

  /** Waits for further answers over both kinds of connections, as long as no call fails. */
  private void awaitAnswers(int number) {
    int kept = overKept.get() + number;
    int fresh = overNew.get() + number;
    await()
        .failFast(() -> assertThat(failures).isEmpty())
        .until(() -> overKept.get() >= kept && overNew.get() >= fresh);
  }

  private void load(ServerProcess server, @Nullable GrpcClient kept) {
    while (sending.get()) {
      GrpcClient client = kept == null ? new GrpcClient(server) : kept;
      try {
        if (client.stub().modelInfer(REQUEST).getOutputsCount() == 2) {
          (kept == null ? overNew : overKept).incrementAndGet();
        } else {
          failures.add("an answer without its outputs");
        }
      } catch (StatusRuntimeException e) {
        failures.add(e.toString());
      } finally {
        if (kept == null) {
          client.close();
        }
      }
    }
  }

  /** Counts how often a connection is given up in good order. */
  private static void countDepartures(GrpcClient client, AtomicInteger departures) {
    client
        .channel()
        .notifyWhenStateChanged(
            ConnectivityState.READY,
            () -> {
              departures.incrementAndGet();
              if (!client.channel().isShutdown()) {
                countDepartures(client, departures);
              }
            });
  }
}
