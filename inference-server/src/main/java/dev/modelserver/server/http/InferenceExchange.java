package dev.modelserver.server.http;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.InferenceRequest;
import dev.modelserver.server.inference.ModelState;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.metrics.ModelMetrics;
import dev.modelserver.server.metrics.Protocol;
import dev.modelserver.server.onnx.RunOutputs;
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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The way of one inference request through HTTP, the same for every protocol: body, translation,
 * run, answer. Whatever fails, the caller is answered, once; when the caller leaves, the run ends.
 */
@Singleton
public final class InferenceExchange {

  /** Larger bodies are read away from the event loop, which others wait for. */
  private static final int READ_ON_LOOP_BYTES = 64 << 10;

  private final CurrentModel current;
  private final Answers answers;
  private final ModelMetrics metrics;
  private final HttpSpans spans;
  private final SlowBodies slow;
  private final LargeBodies large;

  InferenceExchange(
      CurrentModel current,
      Answers answers,
      ModelMetrics metrics,
      HttpSpans spans,
      SlowBodies slow,
      LargeBodies large) {
    this.current = current;
    this.answers = answers;
    this.metrics = metrics;
    this.spans = spans;
    this.slow = slow;
    this.large = large;
  }

  /** Answers a request with a body. Call on the event loop, with the request still paused. */
  public void handle(RoutingContext context, Translator translator) {
    handle(context, -1, translator, READ_ON_LOOP_BYTES);
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
    if (head <= READ_ON_LOOP_BYTES && !inflates(context)) {
      handle(context, head, translator, Integer.MAX_VALUE);
    } else {
      handle(context, translator);
    }
  }

  /** Answers a request whose question is not in its body, which is thrown away. */
  public void handleWithoutBody(RoutingContext context, Translator translator) {
    BodyReader.discard(context);
    received(context, Body.inProcess(), translator, READ_ON_LOOP_BYTES);
  }

  private void handle(RoutingContext context, int head, Translator translator, int onLoopBytes) {
    InferenceFailure overload =
        current.state() instanceof ModelState.Ready(ServedModel model)
            ? model.service().overload()
            : null;
    if (overload != null) {
      // neither read nor kept: under a crowd that is most of what a refusal costs
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
    Exchange exchange = new Exchange(context, body, translator);
    // a small body may be large when it is inflated
    if (body.length() <= onLoopBytes && !inflates(context)) {
      exchange.begin();
    } else if (!large.read(exchange::begin, exchange::fail)) {
      exchange.fail(new InferenceException(new InferenceFailure.Overloaded(large.waiting())));
    }
  }

  private static boolean inflates(RoutingContext context) {
    return context.request().getHeader(HttpHeaders.CONTENT_ENCODING) != null;
  }

  /** One request, from its last byte on. */
  private final class Exchange {
    private final RoutingContext context;
    private final Context loop;
    private final Body received;
    private final Translator translator;
    private final long start = System.nanoTime();
    private Body body;

    Exchange(RoutingContext context, Body received, Translator translator) {
      this.context = context;
      this.loop = context.vertx().getOrCreateContext();
      this.received = received;
      this.body = received;
      this.translator = translator;
    }

    void begin() {
      ServedModel model = current.ready().orElse(null);
      if (model == null) {
        fail(new InferenceException(InferenceFailure.NotReady.loading()));
        return;
      }
      metrics.begin();
      try {
        MultiMap headers = context.request().headers();
        Duration timeout = RequestHeaders.timeout(headers);
        Executor turn = turn();
        if (turn == null) {
          giveUpIfLate(model.service().limit(timeout));
        }
        Compression coding = Compression.of(headers.get(HttpHeaders.CONTENT_ENCODING));
        if (coding != null) {
          body = coding.inflate(received, BodyReader.content(headers));
        }
        Translation translation = translator.read(model, body);
        InferenceRequest question = translation.request().within(timeout).in(body);
        RequestSpan span = spans.of(context);
        if (span != null) {
          span.model(model.identity());
          question = question.observedBy(span);
        }
        CompletableFuture<RunOutputs> run = model.service().infer(question, turn, start);
        if (!run.isDone()) {
          context.response().closeHandler(gone -> leave(run));
          if (context.response().closed()) {
            // it was while the body was read, away from the event loop
            leave(run);
          }
        }
        var _ = run.whenComplete((outputs, thrown) -> end(translation, outputs, thrown));
      } catch (RequestException | InferenceException | RuntimeException | Error e) {
        metrics.end();
        fail(e);
      }
    }

    /** A body that is read away from the loop may have waited longer than its caller does. */
    private void giveUpIfLate(Duration limit) throws InferenceException {
      if (context.response().closed()) {
        throw new CancellationException("the client has left");
      }
      if (System.nanoTime() - start >= limit.toNanos()) {
        throw new InferenceException(new InferenceFailure.DeadlineExceeded(limit));
      }
    }

    private void leave(CompletableFuture<RunOutputs> run) {
      run.cancel(false);
      // it would have been told, were it not for this handler in its place
      spans.gone(context);
    }

    /** Where a cheap model may run: on this event loop, when it is one. */
    private @Nullable Executor turn() {
      EventLoop own = eventLoop();
      return own.inEventLoop() ? own : null;
    }

    private EventLoop eventLoop() {
      return ((ContextInternal) loop).nettyEventLoop();
    }

    private void end(
        Translation translation, @Nullable RunOutputs outputs, @Nullable Throwable thrown) {
      metrics.end();
      if (outputs == null) {
        fail(thrown == null ? new IllegalStateException("a run without outputs") : thrown);
        return;
      }
      try {
        Answer answer = translation.answer(outputs);
        Compression coding =
            answer.body().length() < Compression.MIN_BYTES
                ? null
                : Compression.accepted(context.request().getHeader(HttpHeaders.ACCEPT_ENCODING));
        Answer coded =
            coding == null
                ? answer
                : new Answer(
                    answer.contentType(), coding.compress(answer.body()), answer.headers());
        metrics.answered(
            Protocol.ofPath(context.request().path()), outputs, System.nanoTime() - start);
        finish(() -> answers.send(context, coded, coding == null ? null : coding.coding()));
      } catch (InferenceException | RuntimeException | Error e) {
        fail(e);
      }
    }

    void fail(Throwable thrown) {
      finish(() -> answers.fail(context, thrown));
    }

    private void finish(Runnable answer) {
      received.release();
      body.release();
      if (eventLoop().inEventLoop()) {
        answer.run();
      } else {
        loop.runOnContext(nothing -> answer.run());
      }
    }
  }
}
