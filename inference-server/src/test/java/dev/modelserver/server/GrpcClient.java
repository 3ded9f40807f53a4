package dev.modelserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.grpc.WireTensors;
import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc;
import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.modelserver.server.grpc.wire.ModelInferRequest;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Map;
import java.util.concurrent.Callable;

/** A client of gRPC's own library, connected to one server. */
final class GrpcClient implements AutoCloseable {

  private final ManagedChannel channel;

  GrpcClient(ServerProcess server) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
  }

  ManagedChannel channel() {
    return channel;
  }

  GRPCInferenceServiceBlockingStub stub() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  /** A request of one input {@code x} with rows of so many numbers. */
  static ModelInferRequest.Builder request(String model, int columns, float... values) {
    NumericTensor tensor =
        NumericTensor.allocate(DataType.FP32, Shape.of(values.length / columns, columns));
    for (int i = 0; i < values.length; i++) {
      tensor.data().putFloat(i * 4, values[i]);
    }
    return WireTensors.request(model, Map.of("x", tensor), false);
  }

  /** The status that a call fails with. */
  static Status failure(Callable<?> call) {
    try {
      assertThat(call.call()).as("an answer in place of a failure").isNull();
      throw new AssertionError("no answer and no failure");
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
