package dev.modelserver.server.grpc;

import dev.modelserver.server.config.Endpoint;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.inference.CurrentModel;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC port, on the event loops of the HTTP port. It is opened beside the load of the model, so
 * that it costs the start nothing, and closed before the model is.
 */
@Singleton
final class GrpcServer {

  private static final Logger LOG = Logger.getLogger(GrpcServer.class);

  /** Calls at once on one connection; a client's further ones wait at the client. */
  private static final int MAX_CALLS = 512;

  /** As the HTTP port's limit on headers. */
  private static final int MAX_METADATA_BYTES = 20 << 10;

  /** Cancelled calls in a second, beyond which a connection is an attack. */
  private static final int MAX_RESETS_PER_SECOND = 2000;

  /** A balancer of connections spreads its clients anew so often, also to pods that are new. */
  private static final Duration MAX_CONNECTION_AGE = Duration.ofSeconds(60);

  /** Clients that ask more often whether the connection lives are cut off. */
  private static final Duration MIN_PING_INTERVAL = Duration.ofSeconds(10);

  /** When to ask a silent client whether it lives, and how long to wait for it. */
  private static final Duration PING_INTERVAL = Duration.ofSeconds(60);

  private static final Duration PING_TIMEOUT = Duration.ofSeconds(20);

  /** How often what has no event of its own is looked after. */
  private static final long LOOK_AROUND_MILLIS = 1000;

  private final ServerEnvironment environment;
  private final ServerConfig config;
  private final CurrentModel current;
  private final GrpcInferenceService inference;
  private final HealthCalls health;
  private final CallGuard guard;
  private final CallSpans spans;
  private final ClientCalls clients;
  private final Vertx vertx;
  private final Connections connections = new Connections();
  private volatile @Nullable Server server;

  GrpcServer(
      ServerEnvironment environment,
      ServerConfig config,
      CurrentModel current,
      GrpcInferenceService inference,
      HealthCalls health,
      CallGuard guard,
      CallSpans spans,
      ClientCalls clients,
      Vertx vertx) {
    this.environment = environment;
    this.config = config;
    this.current = current;
    this.inference = inference;
    this.health = health;
    this.guard = guard;
    this.spans = spans;
    this.clients = clients;
    this.vertx = vertx;
  }

  void start(@Observes StartupEvent event) {
    var _ = Thread.ofPlatform().daemon().name("grpc-start").start(this::open);
  }

  /**
   * Sends clients away at once, and for the last time when the endpoints have been told. Comes
   * after the one who says that the server drains.
   */
  void drain(
      @Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownDelayInitiatedEvent event) {
    health.changed();
    connections.sendAway(config.serving().requestTimeout());
    long delay = Math.max(1, config.serving().drainDelay().toMillis());
    var _ = vertx.setTimer(delay, timer -> close());
  }

  /** Before the model is closed: what is in flight needs it. */
  void stop(@Observes @Priority(1) ShutdownEvent event) {
    Server running = server;
    if (running == null) {
      return;
    }
    close();
    try {
      if (!running.awaitTermination(
          config.serving().requestTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a gRPC call did not end; its connection is cut");
        var _ = running.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void close() {
    Server running = server;
    if (running != null) {
      health.end();
      connections.sendAway(config.serving().requestTimeout());
      var _ = running.shutdown();
    }
  }

  private void open() {
    try {
      server = build().start();
      var _ = vertx.setPeriodic(LOOK_AROUND_MILLIS, timer -> lookAround());
      current.listen(CurrentModel.Port.GRPC);
    } catch (IOException e) {
      LOG.errorf(e, "the gRPC port %d cannot be opened", environment.grpcPort());
      Quarkus.asyncExit(1);
    } catch (RuntimeException | Error e) {
      LOG.error("the start of the gRPC server failed", e);
      Quarkus.asyncExit(1);
    }
  }

  private void lookAround() {
    health.changed();
    guard.endSlowCalls();
  }

  private Server build() {
    VertxInternal http = (VertxInternal) vertx;
    EventLoopGroup loops = http.getEventLoopGroup();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(environment.grpcPort()))
            .channelFactory(connections.noting(http.transport().serverChannelFactory(false)))
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .directExecutor()
            .callExecutor(MessageCompression.executors(vertx))
            .decompressorRegistry(MessageCompression.decompressors())
            .compressorRegistry(MessageCompression.compressors())
            // the size of a message is limited by CallMemory, in our own words
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .maxInboundMetadataSize(MAX_METADATA_BYTES)
            .maxConcurrentCallsPerConnection(MAX_CALLS)
            .maxRstFramesPerWindow(MAX_RESETS_PER_SECOND, 1)
            .maxConnectionAge(MAX_CONNECTION_AGE.toSeconds(), TimeUnit.SECONDS)
            .maxConnectionAgeGrace(
                config.serving().requestTimeout().plusSeconds(10).toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(MIN_PING_INTERVAL.toSeconds(), TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(PING_INTERVAL.toSeconds(), TimeUnit.SECONDS)
            .keepAliveTimeout(PING_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
            .addStreamTracerFactory(CallMemory.FACTORY)
            .intercept(guard)
            .addService(ReadableServices.of(inference.definition()))
            .addService(ReadableServices.of(health.bindService()));
    if (config.serving().shows(Endpoint.GRPC_REFLECTION)) {
      builder.addService(ReadableServices.of(ProtoReflectionServiceV1.newInstance().bindService()));
    }
    if (clients.on()) {
      builder.intercept(clients);
    }
    if (spans.on()) {
      // the last one added is the first one called
      builder.intercept(spans);
    }
    return builder.build();
  }
}
