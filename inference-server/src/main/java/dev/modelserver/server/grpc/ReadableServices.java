package dev.modelserver.server.grpc;

import dev.modelserver.server.failure.RequestFailure;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Services of generated code, with an answer of ours where a message cannot be read: the library
 * would call that an unknown error of the server and log it.
 */
final class ReadableServices {

  private ReadableServices() {}

  /** The same service. */
  static ServerServiceDefinition of(ServerServiceDefinition service) {
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    service.getMethods().forEach(method -> methods.add(readable(method)));
    ServiceDescriptor described = service.getServiceDescriptor();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(described.getName())
            .setSchemaDescriptor(described.getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder builder = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(builder::addMethod);
    return builder.build();
  }

  private static <Q, A> ServerMethodDefinition<Q, A> readable(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder()
            .setRequestMarshaller(readable(descriptor.getRequestMarshaller()))
            .build(),
        method.getServerCallHandler());
  }

  private static <Q> Marshaller<Q> readable(Marshaller<Q> marshaller) {
    return new Marshaller<>() {
      @Override
      public InputStream stream(Q message) {
        return marshaller.stream(message);
      }

      @Override
      public Q parse(InputStream in) {
        try {
          return marshaller.parse(in);
        } catch (StatusRuntimeException e) {
          CallMemory.current()
              .refuse(
                  new RequestFailure.Malformed(
                      "the message cannot be read; send one of the type that this method takes"));
          // The handler gets an empty message, and its response is never read.
          return marshaller.parse(InputStream.nullInputStream());
        }
      }
    };
  }
}
