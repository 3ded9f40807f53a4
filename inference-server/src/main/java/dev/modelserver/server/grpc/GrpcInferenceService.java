package dev.modelserver.server.grpc;

import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc;
import dev.modelserver.server.grpc.wire.ModelInferResponse;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoUtils;
import jakarta.inject.Singleton;

/** The protocol's service: all of it as generated, but for ModelInfer, which reads for itself. */
@Singleton
final class GrpcInferenceService {

  private final MetadataCalls metadata;
  private final GrpcInference inference;

  GrpcInferenceService(MetadataCalls metadata, GrpcInference inference) {
    this.metadata = metadata;
    this.inference = inference;
  }

  ServerServiceDefinition definition() {
    MethodDescriptor<ReceivedMessage, ModelInferResponse> infer =
        GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder(
                ReceivedMessage.MARSHALLER,
                ProtoUtils.marshaller(ModelInferResponse.getDefaultInstance()))
            .build();
    ServerServiceDefinition generated = metadata.bindService();
    ServiceDescriptor described = generated.getServiceDescriptor();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(described.getName())
            .setSchemaDescriptor(described.getSchemaDescriptor())
            .addMethod(infer);
    for (MethodDescriptor<?, ?> method : described.getMethods()) {
      if (!method.getFullMethodName().equals(infer.getFullMethodName())) {
        descriptor.addMethod(method);
      }
    }
    ServerServiceDefinition.Builder service =
        ServerServiceDefinition.builder(descriptor.build()).addMethod(infer, inference);
    for (ServerMethodDefinition<?, ?> method : generated.getMethods()) {
      if (!method.getMethodDescriptor().getFullMethodName().equals(infer.getFullMethodName())) {
        service.addMethod(method);
      }
    }
    return service.build();
  }
}
