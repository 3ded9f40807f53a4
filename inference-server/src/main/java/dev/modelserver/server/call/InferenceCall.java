package dev.modelserver.server.call;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.metrics.Protocol;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.tracing.RequestSpan;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One inference request as its transport carries it, received to its last byte. {@link
 * InferenceCalls} leads it to the model and back; the transport reads bytes and writes bytes. Its
 * methods are called one after the other, on any thread.
 *
 * @param <A> an answer of its protocol
 */
public interface InferenceCall<A> {

  /** Larger requests are read away from the event loop, which others wait for. */
  int READ_ON_LOOP_BYTES = 64 << 10;

  /** Which protocol it came by. */
  Protocol protocol();

  /**
   * How long its caller waits in all, from {@code start} on.
   *
   * @param start when it was received, by {@link System#nanoTime}
   * @return null: as long as the server lets any caller wait, which no caller can exceed
   */
  @Nullable Duration timeout(long start) throws RequestException;

  /** Where a cheap model may run: on the event loop that this is called on; null: it is none. */
  @Nullable Executor eventLoop();

  /** Whether the caller has left. */
  boolean gone();

  /** Its span; null: it has none. */
  @Nullable RequestSpan span();

  /** Reads the request. */
  Translation<A> read(ServedModel model) throws RequestException, InferenceException;

  /** Says where the inputs lie, which must stay there until the run has ended. */
  default InferenceRequest placed(InferenceRequest request) {
    return request;
  }

  /** The run has begun: it is to be cancelled when the caller leaves. */
  void running(CompletableFuture<RunOutputs> run);

  /**
   * Makes the answer ready to be sent.
   *
   * @return sends it
   */
  Runnable sending(A answer) throws RequestException;

  /** Refuses the request, or answers that it failed. */
  void fail(Throwable thrown);
}
