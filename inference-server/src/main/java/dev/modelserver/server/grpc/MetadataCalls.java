package dev.modelserver.server.grpc;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import dev.modelserver.server.grpc.wire.ModelMetadataRequest;
import dev.modelserver.server.grpc.wire.ModelMetadataResponse;
import dev.modelserver.server.grpc.wire.ModelMetadataResponse.TensorMetadata;
import dev.modelserver.server.grpc.wire.ModelReadyRequest;
import dev.modelserver.server.grpc.wire.ModelReadyResponse;
import dev.modelserver.server.grpc.wire.ServerLiveRequest;
import dev.modelserver.server.grpc.wire.ServerLiveResponse;
import dev.modelserver.server.grpc.wire.ServerMetadataRequest;
import dev.modelserver.server.grpc.wire.ServerMetadataResponse;
import dev.modelserver.server.grpc.wire.ServerReadyRequest;
import dev.modelserver.server.grpc.wire.ServerReadyResponse;
import dev.modelserver.server.http.ModelPath;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.ModelProperties;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.model.TensorSpec;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The protocol's questions about the server and its model; inference is apart. */
@Singleton
final class MetadataCalls extends GRPCInferenceServiceImplBase {

  /** The name that the protocol gives to ONNX. */
  private static final String PLATFORM = "onnx_onnxv1";

  private final CurrentModel current;
  private final Refusals refusals;
  private final String serverVersion;

  MetadataCalls(
      CurrentModel current,
      Refusals refusals,
      @ConfigProperty(name = "quarkus.application.version") String serverVersion) {
    this.current = current;
    this.refusals = refusals;
    this.serverVersion = serverVersion;
  }

  @Override
  public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> caller) {
    boolean live = current.ready().map(model -> !model.service().exhausted()).orElse(true);
    answer(caller, ServerLiveResponse.newBuilder().setLive(live).build());
  }

  @Override
  public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> caller) {
    answer(caller, ServerReadyResponse.newBuilder().setReady(current.welcoming()).build());
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> caller) {
    try {
      ServedModel model = current.ready().orElse(null);
      if (model != null) {
        path(request.getName(), request.getVersion()).check(model.identity());
      }
      answer(caller, ModelReadyResponse.newBuilder().setReady(current.welcoming()).build());
    } catch (RequestException e) {
      caller.onError(refusals.of(e, null, CallSpans.current(), ClientCalls.client()));
    }
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> caller) {
    answer(
        caller,
        ServerMetadataResponse.newBuilder()
            .setName("modelserver")
            .setVersion(serverVersion)
            .build());
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> caller) {
    try {
      ServedModel model =
          current
              .ready()
              .orElseThrow(() -> new InferenceException(InferenceFailure.NotReady.loading()));
      path(request.getName(), request.getVersion()).check(model.identity());
      answer(caller, metadata(model));
    } catch (RequestException | InferenceException e) {
      caller.onError(refusals.of(e, null, CallSpans.current(), ClientCalls.client()));
    }
  }

  private static ModelMetadataResponse metadata(ServedModel model) {
    return ModelMetadataResponse.newBuilder()
        .setName(model.identity().name())
        .addVersions(model.identity().version())
        .setPlatform(PLATFORM)
        .putAllProperties(ModelProperties.of(model))
        .addAllInputs(model.signature().inputs().stream().map(MetadataCalls::tensor).toList())
        .addAllOutputs(model.signature().outputs().stream().map(MetadataCalls::tensor).toList())
        .build();
  }

  /** An empty version leaves the choice to the server. */
  private static ModelPath path(String name, String version) {
    return new ModelPath(name, version.isEmpty() ? null : version);
  }

  private static TensorMetadata tensor(TensorSpec spec) {
    return TensorMetadata.newBuilder()
        .setName(spec.name())
        .setDatatype(spec.datatype().name())
        .addAllShape(spec.shape().dims())
        .build();
  }

  private static <A> void answer(StreamObserver<A> caller, A answer) {
    caller.onNext(answer);
    caller.onCompleted();
  }
}
