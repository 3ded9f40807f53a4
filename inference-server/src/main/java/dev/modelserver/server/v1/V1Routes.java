package dev.modelserver.server.v1;

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
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The paths of the V1 protocol. */
@Singleton
final class V1Routes {

  private static final String MODEL = "/v1/models/(?<model>[^/:]+)";
  private static final String VERSION = "/versions/(?<version>[^/:]+)";

  private final CurrentModel current;
  private final InferenceExchange exchange;
  private final Answers answers;
  private volatile @Nullable Rows rows;

  V1Routes(CurrentModel current, InferenceExchange exchange, Answers answers) {
    this.current = current;
    this.exchange = exchange;
    this.answers = answers;
  }

  /** Prepares for the model before it is announced as ready. */
  void prepare(@Observes ServedModel model) {
    rows = Rows.of(model);
  }

  void register(@Observes Router router) {
    handle(router.route("/v1/models"), "GET", this::models);
    handle(named(router, MODEL, "/v1/models/:model"), "GET", this::model);
    handle(
        named(router, MODEL + VERSION, "/v1/models/:model/versions/:version"), "GET", this::model);
    handle(named(router, MODEL + ":predict", "/v1/models/:model:predict"), "POST", this::predict);
    handle(
        named(router, MODEL + VERSION + ":predict", "/v1/models/:model/versions/:version:predict"),
        "POST",
        this::predict);
  }

  /** A route by pattern, counted under a name that shows what varies. */
  private static Route named(Router router, String pattern, String name) {
    return router.routeWithRegex(pattern).setName(name);
  }

  private void handle(Route route, String method, Handler<RoutingContext> handler) {
    route.handler(
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

  private void models(RoutingContext context) {
    BodyReader.discard(context);
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

  private void model(RoutingContext context) {
    BodyReader.discard(context);
    ModelPath path = path(context);
    try {
      ServedModel model = current.ready().orElse(null);
      if (model != null) {
        path.check(model.identity());
      }
      boolean ready = current.welcoming();
      answers.send(
          context,
          ready ? 200 : 503,
          Json.bytes(
              json -> {
                json.writeStartObject();
                json.writeStringField("name", path.name());
                json.writeBooleanField("ready", ready);
                if (!ready) {
                  json.writeStringField(
                      "error", "the model takes no new requests now; try again in a second");
                }
                json.writeEndObject();
              }));
    } catch (RequestException e) {
      answers.fail(context, e);
    }
  }

  private void predict(RoutingContext context) {
    ModelPath path = path(context);
    exchange.handle(
        context,
        (model, body) -> {
          path.check(model.identity());
          Rows ready = rows;
          if (ready == null) {
            throw new InferenceException(InferenceFailure.NotReady.loading());
          }
          return ready.read(model, body);
        });
  }

  private static ModelPath path(RoutingContext context) {
    return new ModelPath(context.pathParam("model"), context.pathParam("version"));
  }
}
