package dev.modelserver.server.health;

import dev.modelserver.server.http.Answers;
import dev.modelserver.server.http.BodyReader;
import dev.modelserver.server.metrics.Scrape;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/**
 * {@code /health} and {@code /ready}, and {@code /metrics} where it is shown; the same on the data
 * port and on the management port.
 */
@Singleton
public final class HealthRoutes {

  private final Health health;
  private final Scrape scrape;

  HealthRoutes(Health health, Scrape scrape) {
    this.health = health;
    this.scrape = scrape;
  }

  /** Adds the routes of health for GET and HEAD to a router. */
  public void addTo(Router router) {
    read(router, "/health").handler(context -> answer(context, health::live));
    read(router, "/ready").handler(context -> answer(context, health::ready));
  }

  /** Adds the route of the metrics for GET and HEAD to a router. */
  public void addMetricsTo(Router router) {
    // before the route that Quarkus adds for its own registry
    read(router, "/metrics").order(-1).handler(this::metrics);
  }

  private static Route read(Router router, String path) {
    return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
  }

  private void metrics(RoutingContext context) {
    BodyReader.discard(context);
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, Scrape.CONTENT_TYPE);
    var _ = Answers.end(context, Buffer.buffer(scrape.text()));
  }

  private static void answer(RoutingContext context, Supplier<Health.Report> question) {
    BodyReader.discard(context);
    Health.Report report = question.get();
    context
        .response()
        .setStatusCode(report.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    var _ = Answers.end(context, report.json());
  }
}
