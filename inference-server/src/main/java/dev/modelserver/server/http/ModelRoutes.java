package dev.modelserver.server.http;

import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.inference.ServedModel;
import io.vertx.core.Handler;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Set;

/** What the protocols with a path for each model have in common. */
@Singleton
public final class ModelRoutes {

  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final CurrentModel current;
  private final Answers answers;

  ModelRoutes(CurrentModel current, Answers answers) {
    this.current = current;
    this.answers = answers;
  }

  /** Has the route take one method, and refuse every other. */
  public void handle(Route route, String method, Handler<RoutingContext> handler) {
    handle(route, Set.of(method), method, handler);
  }

  /**
   * Has the route take GET, whose body, if a client sends one, means nothing; and HEAD, which gets
   * the same answer without its body.
   */
  public void get(Route route, Handler<RoutingContext> handler) {
    handle(
        route,
        READING,
        "GET, HEAD",
        context -> {
          BodyReader.discard(context);
          handler.handle(context);
        });
  }

  private void handle(
      Route route, Set<String> methods, String allowed, Handler<RoutingContext> handler) {
    route.handler(
        context -> {
          String sent = context.request().method().name();
          if (methods.contains(sent)) {
            handler.handle(context);
          } else {
            BodyReader.discard(context);
            answers.fail(context, new RequestFailure.WrongMethod(sent, allowed));
          }
        });
  }

  /** Answers with the names of the models: one, or none before it is loaded. */
  public void models(RoutingContext context) {
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
}
