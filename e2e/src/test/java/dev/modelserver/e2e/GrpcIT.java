package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.Repository;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.Reachable;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** gRPC through the Service: its port, health, and an answer of the sample's model. */
@ClusterTest
class GrpcIT {
  private static final MethodDescriptor<byte[], byte[]> MODEL_INFER =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("inference.GRPCInferenceService/ModelInfer")
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  @Test
  void theServiceLeadsGrpcCallsToTheModel() throws Exception {
    Cluster cluster = Cluster.get();
    try (TestNamespace namespace = TestNamespace.create(cluster, "grpc")) {
      cluster.apply(namespace.name(), Files.readString(Repository.path("samples/13-grpc.yaml")));
      ModelServerClient risk = namespace.modelServer("risk-grpc");
      risk.awaitReady();
      Reachable.await(risk.predict());
      ManagedChannel channel =
          ManagedChannelBuilder.forAddress(risk.predict().getHost(), 9000).usePlaintext().build();
      try {
        ServingStatus health =
            HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .withWaitForReady()
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
        byte[] answer =
            ClientCalls.blockingUnaryCall(
                channel,
                MODEL_INFER,
                CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                request());

        assertThat(health).isEqualTo(ServingStatus.SERVING);
        assertThat(new String(answer, StandardCharsets.ISO_8859_1))
            .contains("risk-grpc", "output_label", "High Risk", "output_probability");
        Evidence.record(
            "grpc.md",
            "gRPC through the Service, samples/13-grpc.yaml",
            "health: " + health + "\nModelInfer: " + answer.length + " bytes, label High Risk");
      } finally {
        channel.shutdownNow();
        channel.awaitTermination(10, TimeUnit.SECONDS);
      }
    }
  }

  /** A ModelInferRequest by the field numbers of the protocol: age 65, cholesterol 240. */
  private static byte[] request() throws IOException {
    byte[] values =
        message(
            out -> {
              out.writeFloatNoTag(65);
              out.writeFloatNoTag(240);
            });
    byte[] shape =
        message(
            out -> {
              out.writeInt64NoTag(1);
              out.writeInt64NoTag(2);
            });
    byte[] contents = message(out -> out.writeByteArray(6, values));
    byte[] input =
        message(
            out -> {
              out.writeString(1, "X");
              out.writeString(2, "FP32");
              out.writeByteArray(3, shape);
              out.writeByteArray(5, contents);
            });
    return message(
        out -> {
          out.writeString(1, "risk-grpc");
          out.writeByteArray(5, input);
        });
  }

  private static byte[] message(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  /** Writes the fields of a message. */
  @FunctionalInterface
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  /** Messages as they are on the wire. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
