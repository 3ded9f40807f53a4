package dev.modelserver.server.grpc;

import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.failure.RequestFailure.BodyContent;
import dev.modelserver.server.http.BodyReader;
import dev.modelserver.server.http.MemoryBudget;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one call holds in memory, from its first byte to its end: against the largest size of
 * a message, and against the budget of all bodies. Bytes count as they arrive, so that a message
 * that never ends is counted too.
 */
final class CallMemory extends ServerStreamTracer {

  /** Makes one for each call. */
  static final Factory FACTORY =
      new Factory() {
        @Override
        public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
          return new CallMemory(MemoryBudget.PROCESS, BodyReader.MAX_BYTES);
        }
      };

  private static final Context.Key<CallMemory> KEY = Context.key("call-memory");

  private final MemoryBudget budget;
  private final int maxBytes;
  private long received;
  private long reserved;
  private boolean closed;
  private @Nullable RequestFailure refused;
  private @Nullable Consumer<RequestFailure> whenRefused;

  CallMemory(MemoryBudget budget, int maxBytes) {
    this.budget = budget;
    this.maxBytes = maxBytes;
  }

  /** The one of the call that this code runs for. */
  static CallMemory current() {
    return KEY.get();
  }

  /** The largest message, in bytes, as sent and after inflating. */
  int maxBytes() {
    return maxBytes;
  }

  /** Is told of the refusal, once, also of one that was already made. */
  void whenRefused(Consumer<RequestFailure> consumer) {
    RequestFailure already;
    synchronized (this) {
      whenRefused = consumer;
      already = refused;
    }
    if (already != null) {
      consumer.accept(already);
    }
  }

  /** Takes memory beside that of the message as it was sent; false when there is no more. */
  synchronized boolean reserve(long bytes) {
    if (closed || !budget.reserve(bytes)) {
      return false;
    }
    reserved += bytes;
    return true;
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  /** Ends the call with this failure, unless it has ended. */
  void refuse(RequestFailure failure) {
    Consumer<RequestFailure> consumer;
    synchronized (this) {
      if (closed || refused != null) {
        return;
      }
      refused = failure;
      consumer = whenRefused;
    }
    if (consumer != null) {
      consumer.accept(failure);
    }
  }

  /** Bytes of a message have arrived. */
  @Override
  public void inboundWireSize(long bytes) {
    RequestFailure failure;
    synchronized (this) {
      if (closed || refused != null) {
        return;
      }
      received += bytes;
      failure =
          received > maxBytes
              ? new RequestFailure.BodyTooLarge(BodyContent.BINARY, maxBytes, -1)
              : reserve(bytes) ? null : new RequestFailure.NoMemory();
    }
    if (failure != null) {
      refuse(failure);
    }
  }

  @Override
  public synchronized void streamClosed(io.grpc.Status status) {
    closed = true;
    budget.giveBack(reserved);
    reserved = 0;
  }
}
