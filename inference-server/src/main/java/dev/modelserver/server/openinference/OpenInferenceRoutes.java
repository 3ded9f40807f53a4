package dev.modelserver.server.openinference;

import dev.modelserver.server.http.Answers;
import dev.modelserver.server.http.BodyReader;
import dev.modelserver.server.http.InferenceExchange;
import dev.modelserver.server.http.Json;
import dev.modelserver.server.http.ModelPath;
import dev.modelserver.server.http.RequestException;
import dev.modelserver.server.http.RequestFailure;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.ServedModel;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The paths of the Open Inference Protocol. */
@Singleton
final class OpenInferenceRoutes {

  private static final List<String> EXTENSIONS =
      List.of("binary_tensor_data", "statistics", "model_configuration");

  private final CurrentModel current;
  private final InferenceExchange exchange;
  private final Answers answers;
  private final String serverVersion;

  OpenInferenceRoutes(
      CurrentModel current,
      InferenceExchange exchange,
      Answers answers,
      @ConfigProperty(name = "quarkus.application.version") String serverVersion) {
    this.current = current;
    this.exchange = exchange;
    this.answers = answers;
    this.serverVersion = serverVersion;
  }

  void register(@Observes Router router) {
    get(router, "/v2", context -> answers.send(context, 200, serverMetadata()));
    get(router, "/v2/health/live", this::live);
    get(router, "/v2/health/ready", this::ready);
    get(router, "/v2/models", this::models);
    get(
        router,
        "/v2/models/stats",
        page(model -> ModelPages.statistics(model.identity(), model.service().statistics())));
    for (String model : List.of("/v2/models/:model", "/v2/models/:model/versions/:version")) {
      get(router, model, page(ModelPages::metadata));
      get(router, model + "/ready", this::modelReady);
      get(router, model + "/config", page(ModelPages::configuration));
      get(
          router,
          model + "/stats",
          page(served -> ModelPages.statistics(served.identity(), served.service().statistics())));
      route(
          router,
          "POST",
          model + "/infer",
          context ->
              exchange.handle(
                  context,
                  new InferTranslator(
                      path(context), context.request().headers().getAll(BinaryHeader.NAME))));
    }
    route(router, "POST", "/v2/repository/index", this::index);
  }

  /** A path whose body, if a client sends one, means nothing. */
  private void get(Router router, String path, Handler<RoutingContext> handler) {
    route(
        router,
        "GET",
        path,
        context -> {
          BodyReader.discard(context);
          handler.handle(context);
        });
  }

  private void route(Router router, String method, String path, Handler<RoutingContext> handler) {
    router
        .route(path)
        .handler(
            context -> {
              String sent = context.request().method().name();
              if (sent.equals(method)) {
                handler.handle(context);
              } else {
                BodyReader.discard(context);
                answers.fail(context, new RequestFailure.WrongMethod(sent, method));
              }
            });
  }

  /** A page about the model that the path names, or about the only one. */
  private Handler<RoutingContext> page(Function<ServedModel, byte[]> page) {
    return context -> {
      try {
        ServedModel model =
            current
                .ready()
                .orElseThrow(() -> new InferenceException(InferenceFailure.NotReady.loading()));
        if (context.pathParam("model") != null) {
          path(context).check(model.identity());
        }
        answers.send(context, 200, page.apply(model));
      } catch (RequestException | InferenceException e) {
        answers.fail(context, e);
      }
    };
  }

  private static ModelPath path(RoutingContext context) {
    return new ModelPath(context.pathParam("model"), context.pathParam("version"));
  }

  private byte[] serverMetadata() {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("name", "modelserver");
          json.writeStringField("version", serverVersion);
          json.writeArrayFieldStart("extensions");
          for (String extension : EXTENSIONS) {
            json.writeString(extension);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void live(RoutingContext context) {
    boolean live = current.ready().map(model -> !model.service().exhausted()).orElse(true);
    answers.send(context, live ? 200 : 503, states(null, live, null));
  }

  private void ready(RoutingContext context) {
    boolean live = current.ready().map(model -> !model.service().exhausted()).orElse(true);
    boolean ready = current.welcoming();
    answers.send(context, ready ? 200 : 503, states(null, live, ready));
  }

  private void modelReady(RoutingContext context) {
    ServedModel model = current.ready().orElse(null);
    ModelPath path = path(context);
    try {
      if (model != null) {
        path.check(model.identity());
      }
      boolean ready = current.welcoming();
      answers.send(context, ready ? 200 : 503, states(path.name(), null, ready));
    } catch (RequestException e) {
      answers.fail(context, e);
    }
  }

  private void models(RoutingContext context) {
    answers.send(
        context,
        200,
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("models");
              ServedModel model = current.ready().orElse(null);
              if (model != null) {
                json.writeString(model.identity().name());
              }
              json.writeEndArray();
              json.writeEndObject();
            }));
  }

  private void index(RoutingContext context) {
    BodyReader.discard(context);
    answers.send(
        context,
        200,
        current
            .ready()
            .map(model -> ModelPages.index(model.identity()))
            .orElseGet(() -> Json.bytes(json -> json.writeRaw("[]"))));
  }

  /** What is null is left out; where something is false, the error says so as well. */
  private static byte[] states(
      @Nullable String name, @Nullable Boolean live, @Nullable Boolean ready) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          if (name != null) {
            json.writeStringField("name", name);
          }
          if (ready != null) {
            json.writeBooleanField("ready", ready);
          }
          if (live != null) {
            json.writeBooleanField("live", live);
          }
          if (ready != null && !ready) {
            json.writeStringField(
                "error", "the model takes no new requests now; try again in a second");
          } else if (live != null && !live) {
            json.writeStringField(
                "error", "every inference thread is held by a run past its deadline");
          }
          json.writeEndObject();
        });
  }
}
