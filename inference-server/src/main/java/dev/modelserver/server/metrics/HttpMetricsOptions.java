package dev.modelserver.server.metrics;

import io.quarkus.vertx.VertxOptionsCustomizer;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import jakarta.inject.Singleton;

/**
 * Has the data port tell {@link HttpMetrics} of its requests. Quarkus' own binder finds a meter and
 * matches the path anew for every request, which costs more than a small model.
 */
@Singleton
final class HttpMetricsOptions implements VertxOptionsCustomizer {

  private final HttpMetrics metrics;

  HttpMetricsOptions(HttpMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  @SuppressWarnings("deprecation") // its successor belongs to Vert.x' builder, which Quarkus keeps
  public void accept(VertxOptions options) {
    VertxMetrics servers =
        new VertxMetrics() {
          @Override
          public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(
              HttpServerOptions server, SocketAddress address) {
            return metrics;
          }
        };
    options.setMetricsOptions(new MetricsOptions().setEnabled(true).setFactory(ignored -> servers));
  }
}
