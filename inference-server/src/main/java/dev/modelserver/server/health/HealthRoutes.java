package dev.modelserver.server.health;

import dev.modelserver.server.http.BodyReader;
import dev.modelserver.server.metrics.Scrape;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/**
 * {@code /health}, {@code /ready} and {@code /metrics}, the same on the data port and on the
 * management port.
 */
@Singleton
public final class HealthRoutes {

  private final Health health;
  private final Scrape scrape;

  HealthRoutes(Health health, Scrape scrape) {
    this.health = health;
    this.scrape = scrape;
  }

  /** Adds the routes for GET and HEAD to a router. */
  public void addTo(Router router) {
    router.get("/health").handler(context -> answer(context, health::live));
    router.get("/ready").handler(context -> answer(context, health::ready));
    // before the route that Quarkus adds for its own registry
    router.get("/metrics").order(-1).handler(this::metrics);
    router.head("/health").handler(context -> answer(context, health::live));
    router.head("/ready").handler(context -> answer(context, health::ready));
  }

  private void metrics(RoutingContext context) {
    BodyReader.discard(context);
    var _ =
        context
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, Scrape.CONTENT_TYPE)
            .end(scrape.text());
  }

  private static void answer(RoutingContext context, Supplier<Health.Report> question) {
    BodyReader.discard(context);
    Health.Report report = question.get();
    var _ =
        context
            .response()
            .setStatusCode(report.status())
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .end(report.json());
  }
}
