package dev.modelserver.server.grpc;

import dev.modelserver.server.call.InferenceCall;
import dev.modelserver.server.call.InferenceCalls;
import dev.modelserver.server.call.Translation;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.grpc.wire.ModelInferResponse;
import dev.modelserver.server.http.RequestId;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.metrics.Protocol;
import dev.modelserver.server.model.ModelIdentity;
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

/** Inference requests over gRPC: a message in, a message out. */
@Singleton
final class GrpcInference implements ServerCallHandler<ReceivedMessage, ModelInferResponse> {

  private static final Metadata.Key<String> DIGEST =
      Metadata.Key.of("x-model-digest", Metadata.ASCII_STRING_MARSHALLER);

  private final InferenceCalls calls;
  private final Refusals refusals;
  private final EventLoopGroup loops;

  GrpcInference(InferenceCalls calls, Refusals refusals, Vertx vertx) {
    this.calls = calls;
    this.refusals = refusals;
    this.loops = ((VertxInternal) vertx).getEventLoopGroup();
  }

  @Override
  public ServerCall.Listener<ReceivedMessage> startCall(
      ServerCall<ReceivedMessage, ModelInferResponse> call, Metadata headers) {
    // one more than there may be: a second message is an error that must be seen
    call.request(2);
    return new Call(
        call,
        CallMemory.current(),
        MessageCompression.of(headers),
        headers.get(Refusals.REQUEST_ID),
        Context.current().getDeadline(),
        CallSpans.current());
  }

  /** One call. */
  private final class Call extends ServerCall.Listener<ReceivedMessage>
      implements InferenceCall<ModelInferResponse> {
    private final ServerCall<ReceivedMessage, ModelInferResponse> call;
    private final CallMemory memory;
    private final @Nullable String compression;
    private final @Nullable String sentId;
    private final @Nullable Deadline deadline;
    private final @Nullable RequestSpan span;
    private final @Nullable String client = ClientCalls.client();
    private final long began = System.nanoTime();
    private @Nullable ReceivedMessage message;
    private byte[] bytes = {};
    private int length;
    private String digest = "";
    private volatile @Nullable CompletableFuture<RunOutputs> run;

    Call(
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
      switch (message) {
        case null ->
            fail(RequestException.malformed("the call has no message; ModelInfer takes one"));
        case ReceivedMessage.Unreadable(RequestFailure failure) ->
            fail(new RequestException(failure));
        case ReceivedMessage.Whole whole -> {
          bytes = whole.bytes();
          length = whole.length();
          calls.answer(this, length <= READ_ON_LOOP_BYTES);
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

    @Override
    public Protocol protocol() {
      return Protocol.GRPC;
    }

    @Override
    public @Nullable Duration timeout(long start) {
      if (deadline == null) {
        return null;
      }
      long left = deadline.timeRemaining(TimeUnit.NANOSECONDS);
      return Duration.ofNanos(Math.max(0, System.nanoTime() - start + left));
    }

    @Override
    public @Nullable Executor eventLoop() {
      for (EventExecutor loop : loops) {
        if (loop.inEventLoop()) {
          return loop;
        }
      }
      return null;
    }

    @Override
    public boolean gone() {
      return call.isCancelled();
    }

    @Override
    public @Nullable RequestSpan span() {
      return span;
    }

    @Override
    public Translation<ModelInferResponse> read(ServedModel model)
        throws RequestException, InferenceException {
      InferMessage received =
          InferMessage.read(
              bytes,
              length,
              new InferRequestReader(model.service().inputCheck()::check, memory::reserve));
      received.model().check(model.identity());
      digest = model.identity().digest().header();
      return new MessageTranslation(model.identity(), received.request());
    }

    @Override
    public void running(CompletableFuture<RunOutputs> begun) {
      run = begun;
    }

    @Override
    public Runnable sending(ModelInferResponse answer) throws RequestException {
      // Until it is sent, which is when its caller has read it.
      if (!memory.reserve(answer.getSerializedSize())) {
        throw new RequestException(new RequestFailure.NoMemory());
      }
      return () -> send(answer);
    }

    private void send(ModelInferResponse answer) {
      if (compression != null) {
        call.setCompression(compression);
      }
      Metadata headers = new Metadata();
      headers.put(DIGEST, digest);
      String id = RequestId.of(sentId);
      if (id != null) {
        headers.put(Refusals.REQUEST_ID, id);
      }
      call.sendHeaders(headers);
      call.sendMessage(answer);
      call.close(Status.OK, new Metadata());
    }

    @Override
    public void fail(Throwable thrown) {
      StatusException refusal =
          refusals.of(outOfTime(thrown) ? tooLate() : thrown, sentId, span, client);
      Metadata trailers = refusal.getTrailers();
      call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    /** The library cancels a call whose deadline has passed; its caller has not left. */
    private boolean outOfTime(Throwable thrown) {
      return thrown instanceof CancellationException && deadline != null && deadline.isExpired();
    }

    private InferenceException tooLate() {
      return new InferenceException(
          new InferenceFailure.DeadlineExceeded(Duration.ofNanos(System.nanoTime() - began)));
    }
  }

  /** A message in the terms of the data plane. */
  private record MessageTranslation(ModelIdentity model, InferRequest message)
      implements Translation<ModelInferResponse> {

    @Override
    public InferenceRequest request() {
      return message.toInferenceRequest();
    }

    @Override
    public ModelInferResponse answer(RunOutputs outputs) {
      return OutputMessage.of(model, message, outputs);
    }
  }
}
