package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc;
import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.modelserver.server.grpc.wire.InferTensorContents;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.grpc.wire.ModelInferRequest.InferInputTensor;
import dev.modelserver.server.grpc.wire.ModelInferResponse;
import dev.modelserver.server.grpc.wire.ServerLiveRequest;
import dev.modelserver.server.grpc.wire.ServerReadyRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged server with a client of gRPC's own library. */
class GrpcIT {

  private static ServerProcess server;
  private static ManagedChannel channel;
  private static GRPCInferenceServiceBlockingStub client;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException, InterruptedException {
    server = ServerProcess.start(folder, "linear", "{}");
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
    client = GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void livesAndIsReady() {
    assertThat(client.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(client.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
  }

  @Test
  void infers() {
    ModelInferResponse response =
        client.modelInfer(request("linear", 1, 2, 3, 4).setId("seven").build());

    assertThat(response.getModelName()).isEqualTo("linear");
    assertThat(response.getModelVersion()).isEqualTo("v1");
    assertThat(response.getId()).isEqualTo("seven");
    assertThat(response.getOutputs(0).getName()).isEqualTo("y");
    assertThat(response.getOutputs(0).getShapeList()).containsExactly(2L, 1L);
    assertThat(response.getOutputs(0).getContents().getFp32ContentsList()).containsExactly(9f, 19f);
  }

  @Test
  void repeatsTheRequestsId() {
    Metadata.Key<String> id = Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
    Metadata sent = new Metadata();
    sent.put(id, "seven");
    AtomicReference<Metadata> headers = new AtomicReference<>();

    var _ =
        client
            .withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(sent),
                MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
            .modelInfer(request("linear", 1, 2).build());

    assertThat(headers)
        .hasValueSatisfying(received -> assertThat(received.get(id)).isEqualTo("seven"));
  }

  @Test
  void refusesAnotherModel() {
    Status status =
        catchThrowableOfType(
                StatusRuntimeException.class,
                () -> client.modelInfer(request("other", 1, 2).build()))
            .getStatus();

    assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(status.getDescription())
        .isEqualTo("there is no model \"other\" here; this server has \"linear\"");
  }

  private static ModelInferRequest.Builder request(String model, float... values) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    for (float value : values) {
      contents.addFp32Contents(value);
    }
    return ModelInferRequest.newBuilder()
        .setModelName(model)
        .addInputs(
            InferInputTensor.newBuilder()
                .setName("x")
                .setDatatype("FP32")
                .addAllShape(List.of(values.length / 2L, 2L))
                .setContents(contents));
  }
}
