package dev.modelserver.e2e.load;

import dev.modelserver.e2e.cluster.EdgeSettings;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Calls of gRPC's health service at a fixed rate, by host name, through TLS; none is retried. */
public final class GrpcProbe implements AutoCloseable {
  private final ManagedChannel channel;
  private final FixedRate calls;

  private GrpcProbe(ManagedChannel channel, int perSecond) {
    this.channel = channel;
    this.calls = new FixedRate(this::call, perSecond);
  }

  /** Starts sending once a first call was answered. */
  public static GrpcProbe start(EdgeSettings edge, String host, int perSecond) throws IOException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(edge.secure())
            .sslContext(GrpcSslContexts.forClient().trustManager(edge.authority().toFile()).build())
            .overrideAuthority(host)
            .disableRetry()
            .build();
    GrpcProbe probe = new GrpcProbe(channel, perSecond);
    probe.calls.start();
    return probe;
  }

  /** Whatever the answer: a pod that is about to leave says NOT_SERVING, as it should. */
  private String call() {
    try {
      var _ =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(5, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance());
      return "";
    } catch (StatusRuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Calls sent. */
  public int sent() {
    return calls.sent();
  }

  /** Why calls failed. */
  public List<String> failures() {
    return calls.failures();
  }

  /** Stops sending; how many calls were sent and failed. */
  public String stop() {
    return calls.stop();
  }

  @Override
  public void close() {
    calls.stop();
    channel.shutdownNow();
  }
}
