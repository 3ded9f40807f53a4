package dev.modelserver.server.serve;

import dev.modelserver.server.config.Endpoint;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.health.HealthRoutes;
import dev.modelserver.server.http.Answers;
import dev.modelserver.server.http.BodyReader;
import dev.modelserver.server.http.ClientCheck;
import dev.modelserver.server.http.FailureAnswer;
import dev.modelserver.server.http.RouteOrder;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.metrics.ErrorMetrics;
import dev.modelserver.server.routing.PrefixMount;
import dev.modelserver.server.routing.RequestPath;
import dev.modelserver.server.tracing.HttpSpans;
import io.quarkus.vertx.http.HttpServerStart;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * The routes of the data port that belong to no protocol, and what happens before and after all
 * routes.
 */
@Singleton
final class Routes {

  private static final int LAST = Integer.MAX_VALUE / 2;

  private final ServerConfig config;
  private final CurrentModel current;
  private final HealthRoutes health;
  private final InfoPage info;
  private final Answers answers;
  private final ErrorMetrics errors;
  private final HttpSpans spans;
  private final ClientCheck clients;

  Routes(
      ServerConfig config,
      CurrentModel current,
      HealthRoutes health,
      InfoPage info,
      Answers answers,
      ErrorMetrics errors,
      HttpSpans spans,
      ClientCheck clients) {
    this.config = config;
    this.current = current;
    this.health = health;
    this.info = info;
    this.answers = answers;
    this.errors = errors;
    this.spans = spans;
    this.clients = clients;
  }

  /** The port is open only now: a pod that is ready before it would refuse its first callers. */
  void listening(@ObservesAsync HttpServerStart started) {
    current.listen(CurrentModel.Port.HTTP);
  }

  void register(@Observes Router router) {
    FailureAnswer.types().forEach(errors::register);
    router.route().order(RouteOrder.FIRST).handler(this::first);
    String prefix = config.serving().pathPrefix();
    if (prefix != null) {
      PrefixMount.addTo(router, prefix, RouteOrder.PREFIX);
    }
    spans.addTo(router, RouteOrder.SPAN);
    clients.addTo(router, RouteOrder.CLIENT);
    health.addTo(router);
    for (Map.Entry<Endpoint, String> page : InfoPage.SWITCHED.entrySet()) {
      if (!config.serving().shows(page.getKey())) {
        // before the route that Quarkus adds for its own registry
        router.route(page.getValue()).order(-1).handler(this::unknownPath);
      }
    }
    health.addMetricsTo(router);
    read(router, "/").handler(this::root);
    read(router, "/info")
        .handler(
            context ->
                info.json()
                    .ifPresentOrElse(
                        json -> page(context, json),
                        () -> answers.fail(context, InfoPage.notReady())));
    for (String path : InfoPage.PATHS) {
      // the metrics extension would answer every method
      int order = path.equals("/metrics") ? -1 : LAST;
      router.route(path).order(order).handler(context -> wrongMethod(context, "GET, HEAD"));
    }
    router.route().order(LAST + 1).handler(this::unknownPath);
    router.route().failureHandler(this::failed);
  }

  private static Route read(Router router, String path) {
    return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
  }

  /**
   * A path that cannot be decoded is compared with no route. While the pod is leaving, each answer
   * asks its client to come back on another connection, which will reach another pod.
   */
  private void first(RoutingContext context) {
    if (context.mountPoint() != null) {
      // below the prefix: it has been here
      context.next();
      return;
    }
    try {
      var _ = context.normalizedPath();
    } catch (IllegalArgumentException e) {
      spans.begin(context);
      BodyReader.discard(context);
      answers.fail(
          context,
          new RequestFailure.Malformed(
              "the path is not encoded as a URL's; % takes two hexadecimal digits"));
      return;
    }
    if (current.draining()) {
      if (context.request().version() == HttpVersion.HTTP_2) {
        context.request().connection().goAway(0);
      } else {
        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
    }
    context.next();
  }

  /** Programs get the links, people what the links lead to. */
  private void root(RoutingContext context) {
    context.response().putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    String base = RequestPath.linkBase(context);
    String accepted = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accepted == null
        || !accepted.contains("text/html")
        || !config.serving().shows(Endpoint.DOCS)) {
      page(context, info.links(base));
      return;
    }
    BodyReader.discard(context);
    var _ =
        context.response().setStatusCode(303).putHeader(HttpHeaders.LOCATION, base + "docs").end();
  }

  private void page(RoutingContext context, byte[] json) {
    BodyReader.discard(context);
    answers.send(context, 200, json);
  }

  private void wrongMethod(RoutingContext context, String allowed) {
    BodyReader.discard(context);
    HttpMethod method = context.request().method();
    answers.fail(context, new RequestFailure.WrongMethod(method.name(), allowed));
  }

  private void unknownPath(RoutingContext context) {
    BodyReader.discard(context);
    answers.fail(context, new RequestFailure.UnknownPath());
  }

  /**
   * What failed before or in a handler: without an exception it is the HTTP layer that refused the
   * request.
   */
  private void failed(RoutingContext context) {
    Throwable failure = context.failure();
    if (context.statusCode() >= 400 && context.statusCode() < 500) {
      answers.fail(
          context,
          new RequestFailure.Malformed(
              "the request is not valid HTTP; correct its path, query or headers"));
    } else {
      answers.fail(
          context,
          failure == null ? new IllegalStateException("status " + context.statusCode()) : failure);
    }
  }
}
