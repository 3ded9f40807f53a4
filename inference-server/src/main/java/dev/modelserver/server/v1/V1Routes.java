package dev.modelserver.server.v1;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answers;
import dev.modelserver.server.http.HttpInference;
import dev.modelserver.server.http.Json;
import dev.modelserver.server.http.ModelPath;
import dev.modelserver.server.http.ModelRoutes;
import dev.modelserver.server.http.RouteOrder;
import dev.modelserver.server.http.Translator;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.ServedModel;
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
  private final ModelRoutes routes;
  private final HttpInference inference;
  private final Answers answers;
  private volatile @Nullable V1Model served;

  V1Routes(CurrentModel current, ModelRoutes routes, HttpInference inference, Answers answers) {
    this.current = current;
    this.routes = routes;
    this.inference = inference;
    this.answers = answers;
  }

  /** Prepares for the model before it is announced as ready. */
  void prepare(@Observes ServedModel model) {
    served = V1Model.of(model);
  }

  void register(@Observes Router router) {
    routes.get(router.route("/v1/models"), routes::models);
    routes.get(named(router, MODEL, "/v1/models/:model"), this::model);
    routes.get(named(router, MODEL + VERSION, "/v1/models/:model/versions/:version"), this::model);
    routes.handle(
        named(router, MODEL + ":predict", "/v1/models/:model:predict").order(RouteOrder.INFER),
        "POST",
        this::predict);
    routes.handle(
        named(router, MODEL + VERSION + ":predict", "/v1/models/:model/versions/:version:predict")
            .order(RouteOrder.INFER),
        "POST",
        this::predict);
  }

  /** A route by pattern, counted under a name that shows what varies. */
  private static Route named(Router router, String pattern, String name) {
    return router.routeWithRegex(pattern).setName(name);
  }

  private void model(RoutingContext context) {
    ModelPath path = ModelPath.of(context);
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
    ModelPath path = ModelPath.of(context);
    V1Model ready = served;
    Translator translator =
        (model, body) -> {
          path.check(model.identity());
          if (ready == null) {
            throw new InferenceException(InferenceFailure.NotReady.loading());
          }
          return ready.read(model, body);
        };
    if (ready != null && ready.images().taken()) {
      // An image of a few bytes may take long to decode.
      inference.handleAwayFromLoop(context, translator);
    } else {
      inference.handle(context, translator);
    }
  }
}
