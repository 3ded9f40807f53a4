package dev.modelserver.server.predict;

import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.http.Answers;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.http.BodyReader;
import dev.modelserver.server.http.RequestException;
import dev.modelserver.server.http.RequestFailure;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.ServedModel;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /predict} and {@code GET /predict}: translates, and leaves the rest to the inference
 * service.
 */
@Singleton
final class PredictRoute {

  /** Larger bodies are parsed away from the event loop, which others wait for. */
  private static final int PARSE_ON_LOOP_BYTES = 64 << 10;

  private final CurrentModel current;
  private final Answers answers;
  private final MeterRegistry registry;
  private final String podName;
  private volatile @Nullable Predictor predictor;

  PredictRoute(
      CurrentModel current,
      Answers answers,
      MeterRegistry registry,
      ServerEnvironment environment) {
    this.current = current;
    this.answers = answers;
    this.registry = registry;
    this.podName = environment.podName();
  }

  /** Prepares for the model before it is announced as ready. */
  void prepare(@Observes ServedModel model) {
    predictor = new Predictor(model, registry, podName);
  }

  void register(@Observes Router router) {
    router.route("/predict").handler(this::handle);
  }

  private void handle(RoutingContext context) {
    long start = System.nanoTime();
    HttpMethod method = context.request().method();
    if (method.equals(HttpMethod.POST)) {
      post(context);
    } else {
      BodyReader.discard(context);
      if (method.equals(HttpMethod.GET)) {
        respond(context, start, layout -> QueryFeatures.parse(layout, context.request().uri()));
      } else {
        answers.fail(context, new RequestFailure.WrongMethod(method.name(), "GET, POST"));
      }
    }
  }

  private void post(RoutingContext context) {
    String contentType = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (contentType != null
        && !contentType
            .split(";", 2)[0]
            .strip()
            .toLowerCase(Locale.ROOT)
            .equals("application/json")) {
      BodyReader.discard(context);
      answers.fail(context, new RequestFailure.WrongContentType(contentType));
      return;
    }
    BodyReader.read(
        context,
        body -> {
          long start = System.nanoTime();
          if (body.length() <= PARSE_ON_LOOP_BYTES) {
            respond(context, start, body);
          } else {
            var _ =
                context
                    .vertx()
                    .executeBlocking(
                        () -> {
                          respond(context, start, body);
                          return true;
                        },
                        false)
                    .onFailure(
                        thrown -> {
                          body.release();
                          answers.fail(context, thrown);
                        });
          }
        },
        refused -> answers.fail(context, refused));
  }

  private void respond(RoutingContext context, long start, Body body) {
    try {
      respond(context, start, layout -> FeatureParser.parse(layout, body.bytes(), body.length()));
    } finally {
      body.release();
    }
  }

  private void respond(RoutingContext context, long start, Parser parser) {
    Context loop = context.vertx().getOrCreateContext();
    Predictor ready = predictor;
    if (ready == null || current.ready().isEmpty()) {
      finish(
          loop,
          () -> answers.fail(context, new InferenceException(InferenceFailure.NotReady.loading())));
      return;
    }
    ready.metrics().begin();
    var _ =
        answer(ready, start, parser)
            .whenComplete(
                (answer, thrown) -> {
                  ready.metrics().end();
                  finish(
                      loop,
                      () -> {
                        if (thrown == null) {
                          answers.send(context, 200, answer);
                        } else {
                          answers.fail(context, thrown);
                        }
                      });
                });
  }

  /** Never throws: whatever fails, the caller is answered. */
  private static CompletableFuture<byte[]> answer(Predictor ready, long start, Parser parser) {
    try {
      Features features = parser.parse(ready.layout());
      return ready
          .model()
          .service()
          .infer(features.inputs())
          .thenCompose(
              outputs -> {
                try {
                  return CompletableFuture.completedFuture(
                      ready.answer(features, outputs, Clock.systemUTC().instant(), start));
                } catch (InferenceException e) {
                  return CompletableFuture.failedFuture(e);
                }
              });
    } catch (RequestException | RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void finish(Context loop, Runnable answer) {
    loop.runOnContext(nothing -> answer.run());
  }

  /** Reads features out of a request. */
  @FunctionalInterface
  private interface Parser {
    Features parse(InputLayout layout) throws RequestException;
  }
}
