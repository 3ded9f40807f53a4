package dev.modelserver.server.grpc;

import dev.modelserver.server.http.RequestException;
import dev.modelserver.server.http.RequestFailure;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusException;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends a call that goes beyond its limits while its message is still arriving. Its handler, which
 * may not know, answers into nothing then.
 */
@Singleton
final class CallGuard implements ServerInterceptor {

  private final Refusals refusals;

  CallGuard(Refusals refusals) {
    this.refusals = refusals;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    GuardedCall<Q, A> guarded = new GuardedCall<>(call);
    String id = headers.get(Refusals.REQUEST_ID);
    CallMemory.current().whenRefused(failure -> refuse(guarded, failure, id));
    return next.startCall(guarded, headers);
  }

  private void refuse(GuardedCall<?, ?> call, RequestFailure failure, @Nullable String id) {
    if (call.claim()) {
      StatusException refusal = refusals.of(new RequestException(failure), id);
      Metadata trailers = refusal.getTrailers();
      call.end(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    }
  }

  /** A call that is answered by whoever comes first. */
  private static final class GuardedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final AtomicBoolean claimed = new AtomicBoolean();
    private boolean handlers;

    GuardedCall(ServerCall<Q, A> call) {
      super(call);
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
