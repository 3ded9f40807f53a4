package dev.modelserver.server;

import static dev.modelserver.server.GrpcClient.failure;
import static dev.modelserver.server.GrpcClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc;
import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.modelserver.server.grpc.wire.InferParameter;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Time limits, cancellation and overload, on the model that never ends when x is positive. */
class GrpcLimitsIT {

  private static final ModelInferRequest QUICK = request("endless", 1, 0).build();
  private static final ModelInferRequest ENDLESS = request("endless", 1, 1).build();

  @RegisterExtension
  private static final ServerProcess server =
      ServerProcess.of(
          "endless",
          "{\"requestTimeoutMillis\":2000,\"runtime\":{\"instances\":1},\"batching\":{\"maxQueueSize\":2}}");

  @AutoClose private static final GrpcClient client = new GrpcClient(server);
  private static final GRPCInferenceServiceBlockingStub stub = client.stub();

  /** The one thread is free again. */
  @AfterEach
  void stillAnswers() {
    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(stub.modelInfer(QUICK).getOutputsCount()).isEqualTo(1));
  }

  @Test
  void endsARunAtTheServersTimeLimit() {
    Status status = failure(() -> stub.modelInfer(ENDLESS));

    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(status.getDescription()).startsWith("no answer within 2000 ms;");
  }

  @Test
  void endsARunAtTheParametersTimeLimit() {
    ModelInferRequest hurried =
        ENDLESS.toBuilder()
            .putParameters("timeout", InferParameter.newBuilder().setInt64Param(300_000).build())
            .build();

    Status status = failure(() -> stub.modelInfer(hurried));

    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(status.getDescription()).startsWith("no answer within 300 ms;");
  }

  @Test
  void endsARunAtTheCallsDeadline() throws IOException, InterruptedException {
    double before = errors("deadline_exceeded") + errors("cancelled");

    Status status =
        failure(() -> stub.withDeadlineAfter(Duration.ofMillis(300)).modelInfer(ENDLESS));

    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    // at its deadline the client leaves too, and either may reach the server first
    await()
        .untilAsserted(
            () ->
                assertThat(errors("deadline_exceeded") + errors("cancelled"))
                    .isEqualTo(before + 1));
    // long before the server's own limit of 2 s
    assertThat(stub.withDeadlineAfter(Duration.ofMillis(1500)).modelInfer(QUICK).getOutputsCount())
        .isEqualTo(1);
  }

  @Test
  void endsARunWhenItsCallerLeaves() throws IOException, InterruptedException {
    double before = errors("cancelled");
    ListenableFuture<ModelInferResponse> call =
        GRPCInferenceServiceGrpc.newFutureStub(client.channel()).modelInfer(ENDLESS);
    await()
        .untilAsserted(
            () ->
                assertThat(server.get("/metrics").body())
                    .containsPattern("ml_active_requests\\{[^}]*} 1"));

    assertThat(call.cancel(true)).isTrue();

    await().untilAsserted(() -> assertThat(errors("cancelled")).isEqualTo(before + 1));
  }

  @Test
  void refusesAtOnceWhenTheQueueIsFull() throws InterruptedException {
    var async = GRPCInferenceServiceGrpc.newFutureStub(client.channel());
    List<ListenableFuture<ModelInferResponse>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(async.modelInfer(ENDLESS));
    }

    List<Status> statuses = new ArrayList<>();
    List<String> pushback = new ArrayList<>();
    for (ListenableFuture<ModelInferResponse> call : calls) {
      try {
        assertThat(call.get()).isNull();
      } catch (ExecutionException e) {
        statuses.add(Status.fromThrowable(e));
        Metadata trailers = Status.trailersFromThrowable(e);
        String millis =
            trailers == null
                ? null
                : trailers.get(
                    Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER));
        if (millis != null) {
          pushback.add(millis);
        }
      }
    }

    List<Status> refused =
        statuses.stream()
            .filter(status -> status.getCode() == Status.Code.RESOURCE_EXHAUSTED)
            .toList();
    assertThat(refused).hasSizeGreaterThan(10);
    assertThat(refused)
        .allSatisfy(
            status -> assertThat(status.getDescription()).startsWith("the server is overloaded: "));
    assertThat(pushback).hasSameSizeAs(refused).containsOnly("1000");
    assertThat(statuses)
        .extracting(Status::getCode)
        .containsOnly(Status.Code.RESOURCE_EXHAUSTED, Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void endsACallWhoseMessageDoesNotArrive() throws Exception {
    CompletableFuture<Status> end = new CompletableFuture<>();

    var _ = call(end);

    // neither a message nor the end of it follows
    Status status = end.get(10, TimeUnit.SECONDS);
    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(status.getDescription())
        .isEqualTo(
            "the body did not arrive within 2000 ms; send it faster, or fewer rows per request");
  }

  @Test
  void refusesASecondMessage() throws Exception {
    CompletableFuture<Status> end = new CompletableFuture<>();
    ClientCall<ModelInferRequest, ModelInferResponse> call = call(end);

    call.sendMessage(QUICK);
    call.sendMessage(QUICK);
    call.halfClose();

    Status status = end.get(10, TimeUnit.SECONDS);
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription())
        .isEqualTo("the call has a second message; ModelInfer takes one");
  }

  @Test
  void refusesACallWithoutAMessage() throws Exception {
    CompletableFuture<Status> end = new CompletableFuture<>();

    call(end).halfClose();

    Status status = end.get(10, TimeUnit.SECONDS);
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).isEqualTo("the call has no message; ModelInfer takes one");
  }

  /** A call of ModelInfer whose client believes it may send any number of messages. */
  private static ClientCall<ModelInferRequest, ModelInferResponse> call(
      CompletableFuture<Status> end) {
    ClientCall<ModelInferRequest, ModelInferResponse> call =
        client
            .channel()
            .newCall(
                GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder()
                    .setType(MethodType.CLIENT_STREAMING)
                    .build(),
                CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    return call;
  }

  private static double errors(String type) throws IOException, InterruptedException {
    return server
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("ml_errors_total{type=\"" + type + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
