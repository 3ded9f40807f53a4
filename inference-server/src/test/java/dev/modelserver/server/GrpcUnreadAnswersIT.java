package dev.modelserver.server;

import static dev.modelserver.server.GrpcClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferInputTensor;
import dev.modelserver.server.grpc.wire.ModelInferResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Callers that never take their answers, on a server with a small heap. */
class GrpcUnreadAnswersIT {

  private static final int NUMBERS = 500_000;

  /** A request and its answer, which the model makes of the same bytes. */
  private static final int BYTES_OF_A_CALL = 2 * 4 * NUMBERS;

  /** What all messages together may have: a quarter of the heap. */
  private static final int BUDGET = 16 << 20;

  @RegisterExtension
  private static final ServerProcess server =
      ServerProcess.of(
          "endless", "{\"requestTimeoutMillis\":10000}", Map.of("JAVA_TOOL_OPTIONS", "-Xmx64m"));

  @AutoClose private static final GrpcClient client = new GrpcClient(server);

  /** Its own memory takes little: the answers stay where they were made. */
  @AutoClose("shutdownNow")
  private static final ManagedChannel lazy =
      NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
          .usePlaintext()
          .flowControlWindow(1 << 16)
          .build();

  @Test
  void theirAnswersCountAndOthersAreAnswered() {
    List<ClientCall<?, ?>> unread = new ArrayList<>();
    Status end = Status.OK;
    while (end.isOk() && unread.size() < 100) {
      CompletableFuture<Status> begun = new CompletableFuture<>();
      unread.add(ask(begun));
      end = begun.join();
    }

    assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(end.getDescription()).contains("use all the memory reserved for requests");
    // half as many as if only the requests counted
    assertThat(unread.size() - 1).isBetween(1, BUDGET / BYTES_OF_A_CALL);
    assertThat(client.stub().modelInfer(request("endless", 1, 0).build()).getOutputsCount())
        .isEqualTo(1);
    unread.forEach(call -> call.cancel("the test is over", null));
    await()
        .ignoreExceptions()
        .until(() -> client.stub().modelInfer(large()).getRawOutputContents(0).size() > NUMBERS);
  }

  /** Tells of the answer's first bytes, or of the failure; the answer is never asked for. */
  private static ClientCall<ModelInferRequest, ModelInferResponse> ask(
      CompletableFuture<Status> begun) {
    ClientCall<ModelInferRequest, ModelInferResponse> call =
        lazy.newCall(GRPCInferenceServiceGrpc.getModelInferMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onHeaders(Metadata headers) {
            begun.complete(Status.OK);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            begun.complete(status);
          }
        },
        new Metadata());
    call.sendMessage(large());
    call.halfClose();
    return call;
  }

  private static ModelInferRequest large() {
    return ModelInferRequest.newBuilder()
        .setModelName("endless")
        .addInputs(
            InferInputTensor.newBuilder()
                .setName("x")
                .setDatatype("FP32")
                .addShape(NUMBERS)
                .addShape(1))
        .addRawInputContents(ByteString.copyFrom(new byte[4 * NUMBERS]))
        .build();
  }
}
