package dev.modelserver.server.grpc;

import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.tracing.RequestSpan;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends a call that goes beyond its limits while its message is still arriving: too large, too slow,
 * too much for the memory there is. If its handler still answers, the response is then dropped.
 */
@Singleton
final class CallGuard implements ServerInterceptor {

  private final Refusals refusals;
  private final Duration patience;
  private final Set<GuardedCall<?, ?>> receiving = ConcurrentHashMap.newKeySet();

  CallGuard(Refusals refusals, ServerConfig config) {
    this.refusals = refusals;
    this.patience = config.serving().requestTimeout();
  }

  /** Ends the calls whose message takes longer to arrive than any answer may. */
  void endSlowCalls() {
    long now = System.nanoTime();
    for (GuardedCall<?, ?> call : receiving) {
      if (now - call.began > patience.toNanos()) {
        refuse(call, new RequestFailure.SlowBody(patience));
      }
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    GuardedCall<Q, A> guarded = new GuardedCall<>(call, headers.get(Refusals.REQUEST_ID));
    CallMemory.current().whenRefused(failure -> refuse(guarded, failure));
    ServerCall.Listener<Q> listener = next.startCall(guarded, headers);
    return call.getMethodDescriptor().getType().clientSendsOneMessage()
        ? watched(guarded, listener)
        : listener;
  }

  /** A call of one message is being received until its client says that this was all. */
  private <Q> ServerCall.Listener<Q> watched(
      GuardedCall<?, ?> call, ServerCall.Listener<Q> listener) {
    receiving.add(call);
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onHalfClose() {
        receiving.remove(call);
        super.onHalfClose();
      }

      @Override
      public void onCancel() {
        receiving.remove(call);
        super.onCancel();
      }

      @Override
      public void onComplete() {
        receiving.remove(call);
        super.onComplete();
      }
    };
  }

  private void refuse(GuardedCall<?, ?> call, RequestFailure failure) {
    receiving.remove(call);
    if (call.claim()) {
      StatusException refusal =
          refusals.of(new RequestException(failure), call.sentId, call.span, call.client);
      Metadata trailers = refusal.getTrailers();
      call.end(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    }
  }

  /** A call that is answered by whoever comes first. */
  private static final class GuardedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final long began = System.nanoTime();
    private final @Nullable String sentId;
    private final @Nullable RequestSpan span = CallSpans.current();
    private final @Nullable String client = ClientCalls.client();
    private boolean handlers;

    GuardedCall(ServerCall<Q, A> call, @Nullable String sentId) {
      super(call);
      this.sentId = sentId;
    }

    boolean claim() {
      return claimed.compareAndSet(false, true);
    }

    void end(Status status, Metadata trailers) {
      super.close(status, trailers);
    }

    @Override
    public void sendHeaders(Metadata headers) {
      if (claimForHandler()) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public void sendMessage(A message) {
      if (claimForHandler()) {
        super.sendMessage(message);
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (claimForHandler()) {
        super.close(status, trailers);
      }
    }

    /** Only the handler calls this, never twice at once. */
    private boolean claimForHandler() {
      handlers = handlers || claim();
      return handlers;
    }
  }
}
