package dev.modelserver.server.http;

import dev.modelserver.server.call.InferenceCall;
import dev.modelserver.server.call.InferenceCalls;
import dev.modelserver.server.call.Translation;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.metrics.Protocol;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.routing.RequestPath;
import dev.modelserver.server.tracing.HttpSpans;
import dev.modelserver.server.tracing.RequestSpan;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Inference requests over HTTP, the same for every protocol: bodies in, bodies out. */
@Singleton
public final class HttpInference {

  private final InferenceCalls calls;
  private final Answers answers;
  private final HttpSpans spans;
  private final SlowBodies slow;

  HttpInference(InferenceCalls calls, Answers answers, HttpSpans spans, SlowBodies slow) {
    this.calls = calls;
    this.answers = answers;
    this.spans = spans;
    this.slow = slow;
  }

  /** Answers a request with a body. Call on the event loop, with the request still paused. */
  public void handle(RoutingContext context, Translator translator) {
    handle(context, -1, translator, InferenceCall.READ_ON_LOOP_BYTES);
  }

  /** As {@link #handle}, for a translator that may compute for long even when the body is small. */
  public void handleAwayFromLoop(RoutingContext context, Translator translator) {
    handle(context, -1, translator, 0);
  }

  /**
   * As {@link #handle}, for a body of a head and tensors of numbers behind it, which stay where
   * they are: however large they are, only the head takes time to read.
   *
   * @param head its length in bytes
   */
  public void handleTensors(RoutingContext context, int head, Translator translator) {
    if (head <= InferenceCall.READ_ON_LOOP_BYTES && !inflates(context)) {
      handle(context, head, translator, Integer.MAX_VALUE);
    } else {
      handle(context, translator);
    }
  }

  /** Answers a request whose question is not in its body, which is thrown away. */
  public void handleWithoutBody(RoutingContext context, Translator translator) {
    BodyReader.discard(context);
    received(context, Body.inProcess(), translator, InferenceCall.READ_ON_LOOP_BYTES);
  }

  private void handle(RoutingContext context, int head, Translator translator, int onLoopBytes) {
    InferenceFailure overload = calls.overload();
    if (overload != null) {
      // Neither read nor kept: under a crowd that is most of what a refusal costs.
      BodyReader.discard(context);
      answers.fail(context, new InferenceException(overload));
      return;
    }
    BodyReader.read(
        context,
        head,
        slow,
        body -> received(context, body, translator, onLoopBytes),
        refused -> answers.fail(context, refused));
  }

  private void received(RoutingContext context, Body body, Translator translator, int onLoopBytes) {
    // A small body may be large when it is inflated.
    boolean onLoop = body.length() <= onLoopBytes && !inflates(context);
    calls.answer(new Call(context, body, translator), onLoop);
  }

  private static boolean inflates(RoutingContext context) {
    return context.request().getHeader(HttpHeaders.CONTENT_ENCODING) != null;
  }

  /** One request, from its last byte on. */
  private final class Call implements InferenceCall<Answer> {
    private final RoutingContext context;
    private final Context loop;
    private final Body received;
    private final Translator translator;
    private Body body;

    Call(RoutingContext context, Body received, Translator translator) {
      this.context = context;
      this.loop = context.vertx().getOrCreateContext();
      this.received = received;
      this.body = received;
      this.translator = translator;
    }

    @Override
    public Protocol protocol() {
      return Protocol.ofPath(RequestPath.of(context));
    }

    @Override
    public @Nullable Duration timeout(long start) throws RequestException {
      return RequestHeaders.timeout(context.request().headers());
    }

    @Override
    public @Nullable Executor eventLoop() {
      EventLoop own = ownLoop();
      return own.inEventLoop() ? own : null;
    }

    private EventLoop ownLoop() {
      return ((ContextInternal) loop).nettyEventLoop();
    }

    @Override
    public boolean gone() {
      return context.response().closed();
    }

    @Override
    public @Nullable RequestSpan span() {
      return spans.of(context);
    }

    @Override
    public Translation<Answer> read(ServedModel model) throws RequestException, InferenceException {
      MultiMap headers = context.request().headers();
      Compression coding = Compression.of(headers.get(HttpHeaders.CONTENT_ENCODING));
      if (coding != null) {
        body = coding.inflate(received, BodyReader.content(headers));
      }
      return translator.read(model, body);
    }

    @Override
    public InferenceRequest placed(InferenceRequest request) {
      return request.in(body);
    }

    @Override
    public void running(CompletableFuture<RunOutputs> run) {
      context
          .response()
          .closeHandler(
              gone -> {
                run.cancel(false);
                // It would have been told, were it not for this handler in its place.
                spans.gone(context);
              });
    }

    @Override
    public Runnable sending(Answer answer) {
      Compression coding =
          answer.body().length() < Compression.MIN_BYTES
              ? null
              : Compression.accepted(context.request().getHeader(HttpHeaders.ACCEPT_ENCODING));
      Answer coded =
          coding == null
              ? answer
              : new Answer(answer.contentType(), coding.compress(answer.body()), answer.headers());
      return () ->
          finish(() -> answers.send(context, coded, coding == null ? null : coding.coding()));
    }

    @Override
    public void fail(Throwable thrown) {
      finish(() -> answers.fail(context, thrown));
    }

    private void finish(Runnable answer) {
      received.release();
      body.release();
      if (ownLoop().inEventLoop()) {
        answer.run();
      } else {
        loop.runOnContext(nothing -> answer.run());
      }
    }
  }
}
