package dev.modelserver.server.grpc;

import dev.modelserver.server.tracing.RequestSpan;
import dev.modelserver.server.tracing.Tracing;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The spans of calls, with the names of OpenTelemetry's conventions. Health and reflection have
 * none: machines ask for them every few seconds.
 */
@Singleton
final class CallSpans implements ServerInterceptor {

  private static final Context.Key<RequestSpan> KEY = Context.key("span");

  private static final String TRACED = "inference.";

  /** Statuses that are the server's failure, by the conventions. */
  private static final Set<Status.Code> FAILURES =
      EnumSet.of(
          Status.Code.UNKNOWN,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.UNIMPLEMENTED,
          Status.Code.INTERNAL,
          Status.Code.UNAVAILABLE,
          Status.Code.DATA_LOSS);

  private final Tracing tracing;

  CallSpans(Tracing tracing) {
    this.tracing = tracing;
  }

  /** Whether calls are traced at all. */
  boolean on() {
    return tracing.on();
  }

  /** The span of the current call; null when it has none. */
  static @Nullable RequestSpan current() {
    return KEY.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    RequestSpan span = method.startsWith(TRACED) ? begin(method, call, headers) : null;
    if (span == null) {
      return next.startCall(call, headers);
    }
    ServerCall<Q, A> traced =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            end(span, status.getCode(), status.getDescription());
            super.close(status, trailers);
          }
        };
    return new SimpleForwardingServerCallListener<>(
        Contexts.interceptCall(Context.current().withValue(KEY, span), traced, headers, next)) {
      @Override
      public void onCancel() {
        super.onCancel();
        // unless the handler has closed the call while it was told
        end(span, Status.Code.CANCELLED, null);
      }
    };
  }

  private @Nullable RequestSpan begin(String method, ServerCall<?, ?> call, Metadata headers) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("rpc.system.name", "grpc");
    attributes.put("rpc.method", method);
    if (call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
        instanceof InetSocketAddress client) {
      attributes.put("client.address", client.getAddress().getHostAddress());
    }
    return tracing.begin(
        method,
        name -> headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)),
        attributes);
  }

  private static void end(RequestSpan span, Status.Code code, @Nullable String message) {
    span.attribute("rpc.response.status_code", code.name());
    if (FAILURES.contains(code)) {
      span.failed(code.name(), message);
    }
    span.end(null);
  }
}
