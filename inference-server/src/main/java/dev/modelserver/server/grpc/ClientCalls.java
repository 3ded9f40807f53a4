package dev.modelserver.server.grpc;

import dev.modelserver.server.access.Authentication;
import dev.modelserver.server.access.Caller;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.grpc.wire.GRPCInferenceServiceGrpc;
import dev.modelserver.server.metrics.ClientMetrics;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.health.v1.HealthGrpc;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Asks every call for its client's token, before its message is read; only health is open. */
@Singleton
final class ClientCalls implements ServerInterceptor {

  private static final Context.Key<String> CLIENT = Context.key("client");

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Set<String> OPEN =
      Set.of(
          GRPCInferenceServiceGrpc.getServerLiveMethod().getFullMethodName(),
          GRPCInferenceServiceGrpc.getServerReadyMethod().getFullMethodName(),
          HealthGrpc.getCheckMethod().getFullMethodName(),
          HealthGrpc.getWatchMethod().getFullMethodName());

  private final Authentication authentication;
  private final ClientMetrics clients;
  private final Refusals refusals;

  ClientCalls(Authentication authentication, ClientMetrics clients, Refusals refusals) {
    this.authentication = authentication;
    this.clients = clients;
    this.refusals = refusals;
  }

  /** Whether calls are asked at all. */
  boolean on() {
    return authentication.on();
  }

  /** Who makes the current call; null where nobody was asked. */
  static @Nullable String client() {
    return CLIENT.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (OPEN.contains(call.getMethodDescriptor().getFullMethodName())) {
      return next.startCall(call, headers);
    }
    Caller caller = authentication.caller(headers.getAll(AUTHORIZATION));
    Counted<Q, A> counted = new Counted<>(call, caller.client());
    if (!authentication.admits(caller)) {
      StatusException refusal =
          refusals.of(
              new RequestException(new RequestFailure.Unauthenticated(caller.sentToken())),
              headers.get(Refusals.REQUEST_ID),
              CallSpans.current(),
              caller.client());
      Metadata trailers = refusal.getTrailers();
      counted.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }
    return new SimpleForwardingServerCallListener<>(
        Contexts.interceptCall(
            Context.current().withValue(CLIENT, caller.client()), counted, headers, next)) {
      @Override
      public void onCancel() {
        super.onCancel();
        // unless the handler has closed the call while it was told
        counted.count(Status.Code.CANCELLED);
      }
    };
  }

  /** A call whose end is counted, once. */
  private final class Counted<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final String client;
    private final AtomicBoolean done = new AtomicBoolean();

    Counted(ServerCall<Q, A> call, String client) {
      super(call);
      this.client = client;
    }

    void count(Status.Code code) {
      if (done.compareAndSet(false, true)) {
        clients.count(client, code.name());
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      count(status.getCode());
      super.close(status, trailers);
    }
  }
}
