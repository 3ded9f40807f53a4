package dev.modelserver.server;

import static dev.modelserver.server.GrpcClient.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc;
import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.modelserver.server.grpc.wire.ModelMetadataRequest;
import dev.modelserver.server.grpc.wire.ModelMetadataResponse;
import dev.modelserver.server.grpc.wire.ModelReadyRequest;
import dev.modelserver.server.grpc.wire.ServerLiveRequest;
import dev.modelserver.server.grpc.wire.ServerMetadataRequest;
import dev.modelserver.server.grpc.wire.ServerMetadataResponse;
import dev.modelserver.server.grpc.wire.ServerReadyRequest;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the gRPC port tells about server and model: metadata, health, reflection. */
class GrpcServicesIT {

  private static final String MODEL = "integer-labels";

  @RegisterExtension private static final ServerProcess server = ServerProcess.of(MODEL, "{}");

  @AutoClose private static final GrpcClient client = new GrpcClient(server);
  private static final GRPCInferenceServiceBlockingStub stub = client.stub();

  @Test
  void tellsAboutServerAndModel() {
    assertThat(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
    for (String version : new String[] {"", "v1"}) {
      ModelReadyRequest ready =
          ModelReadyRequest.newBuilder().setName(MODEL).setVersion(version).build();
      assertThat(stub.modelReady(ready).getReady()).isTrue();
    }
    ServerMetadataResponse about = stub.serverMetadata(ServerMetadataRequest.getDefaultInstance());
    assertThat(about.getName()).isEqualTo("modelserver");
    assertThat(about.getVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
    ModelMetadataResponse model =
        stub.modelMetadata(ModelMetadataRequest.newBuilder().setName(MODEL).build());
    assertThat(model.getName()).isEqualTo(MODEL);
    assertThat(model.getVersionsList()).containsExactly("v1");
    assertThat(model.getPlatform()).isEqualTo("onnx_onnxv1");
    assertThat(model.getInputsList())
        .containsExactly(
            ModelMetadataResponse.TensorMetadata.newBuilder()
                .setName("x")
                .setDatatype("FP32")
                .addShape(-1)
                .addShape(2)
                .build());
    assertThat(model.getOutputsList())
        .extracting(ModelMetadataResponse.TensorMetadata::getName)
        .containsExactly("label", "probabilities");
    assertThat(model.getPropertiesMap()).containsEntry("classes", "[\"left\",\"right\"]");
    assertThat(model.getPropertiesMap().get("digest")).matches("sha256:[0-9a-f]{64}");
  }

  @Test
  void anotherVersionMayBeOmitted() {
    ModelReadyRequest ready = ModelReadyRequest.newBuilder().setName(MODEL).setVersion("2").build();
    ModelMetadataRequest metadata =
        ModelMetadataRequest.newBuilder().setName(MODEL).setVersion("2").build();

    for (Status status :
        List.of(
            failure(() -> stub.modelReady(ready)), failure(() -> stub.modelMetadata(metadata)))) {
      assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
      assertThat(status.getDescription())
          .isEqualTo(
              "there is no version \"2\" of the model \"integer-labels\" here; this server has"
                  + " \"v1\"; the version may be omitted");
    }
  }

  @Test
  void tellsItsHealth() {
    HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(client.channel());
    for (String service : List.of("", MODEL, GRPCInferenceServiceGrpc.SERVICE_NAME)) {
      assertThat(health.check(service(service)).getStatus()).isEqualTo(ServingStatus.SERVING);
    }

    assertThat(failure(() -> health.check(service("other"))).getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(health.watch(service("other")).next().getStatus())
        .isEqualTo(ServingStatus.SERVICE_UNKNOWN);
    assertThat(health.watch(service("")).next().getStatus()).isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void listsItsServices() {
    CompletableFuture<List<String>> services = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> question =
        ServerReflectionGrpc.newStub(client.channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    services.complete(
                        response.getListServicesResponse().getServiceList().stream()
                            .map(ServiceResponse::getName)
                            .toList());
                  }

                  @Override
                  public void onError(Throwable t) {
                    services.completeExceptionally(t);
                  }

                  @Override
                  public void onCompleted() {}
                });

    question.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

    assertThat(services.join())
        .containsExactlyInAnyOrder(
            "inference.GRPCInferenceService",
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection");
    question.onCompleted();
  }

  private static HealthCheckRequest service(String name) {
    return HealthCheckRequest.newBuilder().setService(name).build();
  }
}
