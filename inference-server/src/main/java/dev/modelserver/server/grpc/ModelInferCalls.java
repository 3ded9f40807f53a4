package dev.modelserver.server.grpc;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.grpc.wire.ModelInferResponse;
import dev.modelserver.server.http.LargeBodies;
import dev.modelserver.server.http.RequestId;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.metrics.ModelMetrics;
import dev.modelserver.server.metrics.Protocol;
import dev.modelserver.server.oip.InferRequest;
import dev.modelserver.server.oip.InferRequestReader;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tracing.RequestSpan;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusException;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of one inference request through gRPC: message, translation, run, answer. Whatever fails,
 * the caller is answered, once; when the caller leaves, or its deadline passes, the run ends.
 */
@Singleton
final class ModelInferCalls implements ServerCallHandler<ReceivedMessage, ModelInferResponse> {

  /** Larger messages are read away from the event loop, which others wait for. */
  private static final int READ_ON_LOOP_BYTES = 64 << 10;

  private static final Metadata.Key<String> DIGEST =
      Metadata.Key.of("x-model-digest", Metadata.ASCII_STRING_MARSHALLER);

  private final CurrentModel current;
  private final ModelMetrics metrics;
  private final Refusals refusals;
  private final LargeBodies large;
  private final EventLoopGroup loops;

  ModelInferCalls(
      CurrentModel current,
      ModelMetrics metrics,
      Refusals refusals,
      LargeBodies large,
      Vertx vertx) {
    this.current = current;
    this.metrics = metrics;
    this.refusals = refusals;
    this.large = large;
    this.loops = ((VertxInternal) vertx).getEventLoopGroup();
  }

  @Override
  public ServerCall.Listener<ReceivedMessage> startCall(
      ServerCall<ReceivedMessage, ModelInferResponse> call, Metadata headers) {
    // one more than there may be: a second message is an error that must be seen
    call.request(2);
    return new Exchange(
        call,
        CallMemory.current(),
        MessageCompression.of(headers),
        headers.get(Refusals.REQUEST_ID),
        Context.current().getDeadline(),
        CallSpans.current());
  }

  /** One call. */
  private final class Exchange extends ServerCall.Listener<ReceivedMessage> {
    private final ServerCall<ReceivedMessage, ModelInferResponse> call;
    private final CallMemory memory;
    private final @Nullable String compression;
    private final @Nullable String sentId;
    private final @Nullable Deadline deadline;
    private final @Nullable RequestSpan span;
    private @Nullable ReceivedMessage message;
    private long start;
    private volatile @Nullable CompletableFuture<RunOutputs> run;

    Exchange(
        ServerCall<ReceivedMessage, ModelInferResponse> call,
        CallMemory memory,
        @Nullable String compression,
        @Nullable String sentId,
        @Nullable Deadline deadline,
        @Nullable RequestSpan span) {
      this.call = call;
      this.memory = memory;
      this.compression = compression;
      this.sentId = sentId;
      this.deadline = deadline;
      this.span = span;
    }

    @Override
    public void onMessage(ReceivedMessage received) {
      message =
          message == null
              ? received
              : new ReceivedMessage.Unreadable(
                  new RequestFailure.Malformed(
                      "the call has a second message; ModelInfer takes one"));
    }

    @Override
    public void onHalfClose() {
      start = System.nanoTime();
      switch (message) {
        case null ->
            fail(RequestException.malformed("the call has no message; ModelInfer takes one"));
        case ReceivedMessage.Unreadable(RequestFailure failure) ->
            fail(new RequestException(failure));
        case ReceivedMessage.Whole whole when whole.length() <= READ_ON_LOOP_BYTES -> begin(whole);
        case ReceivedMessage.Whole whole -> {
          if (!large.read(() -> begin(whole), this::fail)) {
            fail(new InferenceException(new InferenceFailure.Overloaded(large.waiting())));
          }
        }
      }
    }

    @Override
    public void onCancel() {
      CompletableFuture<RunOutputs> known = run;
      if (known != null) {
        known.cancel(false);
      }
    }

    private void begin(ReceivedMessage.Whole whole) {
      if (call.isCancelled()) {
        // its caller left, or its deadline passed, while it waited to be read
        fail(new CancellationException("the client has left"));
        return;
      }
      ServedModel model = current.ready().orElse(null);
      if (model == null) {
        fail(new InferenceException(InferenceFailure.NotReady.loading()));
        return;
      }
      metrics.begin();
      try {
        InferMessage received =
            InferMessage.read(
                whole.bytes(),
                whole.length(),
                new InferRequestReader(model.service().inputCheck()::check, memory::reserve));
        received.model().check(model.identity());
        InferRequest request = received.request();
        InferenceRequest question =
            request
                .toInferenceRequest()
                .within(
                    deadline == null ? null : Duration.ofNanos(Math.max(0, fromStart(deadline))));
        if (span != null) {
          span.model(model.identity());
          question = question.observedBy(span);
        }
        CompletableFuture<RunOutputs> started = model.service().infer(question, turn(), start);
        run = started;
        if (call.isCancelled()) {
          started.cancel(false);
        }
        var _ = started.whenComplete((outputs, thrown) -> end(model, request, outputs, thrown));
      } catch (RequestException | InferenceException | RuntimeException | Error e) {
        metrics.end();
        fail(e);
      }
    }

    /** Where a cheap model may run: on this event loop, when it is one. */
    private @Nullable Executor turn() {
      for (EventExecutor loop : loops) {
        if (loop.inEventLoop()) {
          return loop;
        }
      }
      return null;
    }

    /** How long the caller waited from the message on, in all, when its deadline comes. */
    private long fromStart(Deadline own) {
      return System.nanoTime() - start + own.timeRemaining(TimeUnit.NANOSECONDS);
    }

    private void end(
        ServedModel model,
        InferRequest request,
        @Nullable RunOutputs outputs,
        @Nullable Throwable thrown) {
      metrics.end();
      if (outputs == null) {
        fail(thrown == null ? new IllegalStateException("a run without outputs") : thrown);
        return;
      }
      try {
        ModelInferResponse answer = OutputMessage.of(model.identity(), request, outputs);
        // until it is sent, which is when its caller has read it
        if (!memory.reserve(answer.getSerializedSize())) {
          throw new RequestException(new RequestFailure.NoMemory());
        }
        if (compression != null) {
          call.setCompression(compression);
        }
        Metadata headers = new Metadata();
        headers.put(DIGEST, model.identity().digest().header());
        String id = RequestId.of(sentId);
        if (id != null) {
          headers.put(Refusals.REQUEST_ID, id);
        }
        call.sendHeaders(headers);
        call.sendMessage(answer);
        call.close(Status.OK, new Metadata());
        metrics.answered(Protocol.GRPC, outputs, System.nanoTime() - start);
      } catch (RequestException | RuntimeException | Error e) {
        fail(e);
      }
    }

    private void fail(Throwable thrown) {
      StatusException refusal = refusals.of(outOfTime(thrown) ? tooLate() : thrown, sentId, span);
      Metadata trailers = refusal.getTrailers();
      call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    /** The library cancels a call whose deadline has passed; its caller has not left. */
    private boolean outOfTime(Throwable thrown) {
      return thrown instanceof CancellationException && deadline != null && deadline.isExpired();
    }

    private InferenceException tooLate() {
      return new InferenceException(
          new InferenceFailure.DeadlineExceeded(Duration.ofNanos(System.nanoTime() - start)));
    }
  }
}
