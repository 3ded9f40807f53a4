package dev.modelserver.server.metrics;

import dev.modelserver.server.routing.PrefixMount;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.http.Outcome;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * {@code http_server_*} with the labels that Micrometer gives them. What a caller chooses freely,
 * the method and the path, never becomes a label: each new value would be a time series for good.
 * The path is told by the route that took the request.
 */
@Singleton
final class HttpMetrics implements HttpServerMetrics<HttpMetrics.Exchange, Void, Boolean> {

  private static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.DELETE,
          HttpMethod.PATCH,
          HttpMethod.OPTIONS);

  private static final HttpMethod OTHER = HttpMethod.valueOf("OTHER");

  /** The status of a request whose client left before the answer. */
  private static final int CLIENT_GONE = 499;

  private final DurationHistograms family =
      new DurationHistograms(
          "http_server_requests_seconds",
          "From the request's head to the end of the answer",
          "method",
          "outcome",
          "status",
          "uri");
  private final Map<Labels, DurationHistogram> histograms = new ConcurrentHashMap<>();
  private final LongAdder active = new LongAdder();
  private final LongAdder connections = new LongAdder();

  /** The server's metrics begin before there is a registry. */
  void register(@Observes StartupEvent event, MeterRegistry registry, Scrape scrape) {
    Gauge.builder("http.server.active.requests", active, LongAdder::sum)
        .description("Requests whose answer has not ended")
        .register(registry);
    Gauge.builder("http.server.connections", connections, LongAdder::sum)
        .description("Open connections")
        .register(registry);
    scrape.add(family);
  }

  DurationHistograms family() {
    return family;
  }

  @Override
  public Boolean connected(SocketAddress address, String name) {
    connections.increment();
    return true;
  }

  @Override
  public void disconnected(Boolean connection, SocketAddress address) {
    connections.decrement();
  }

  @Override
  public Exchange requestBegin(Boolean connection, HttpRequest request) {
    active.increment();
    HttpMethod method = request.method();
    return new Exchange(METHODS.contains(method) ? method : OTHER);
  }

  @Override
  public void requestRouted(Exchange exchange, @Nullable String route) {
    // routes that take every path, or lead below the prefix, have no name and say nothing
    if (route != null && !route.equals(PrefixMount.NO_NAME)) {
      exchange.route = route;
    }
  }

  @Override
  public void responseBegin(Exchange exchange, HttpResponse response) {
    exchange.status = response.statusCode();
  }

  @Override
  public void responseEnd(Exchange exchange, HttpResponse response, long bytesWritten) {
    end(exchange, response.statusCode());
  }

  @Override
  public void requestReset(Exchange exchange) {
    end(exchange, exchange.status == 0 ? CLIENT_GONE : exchange.status);
  }

  private void end(Exchange exchange, int status) {
    active.decrement();
    histograms
        .computeIfAbsent(new Labels(exchange.method, exchange.route, status), this::histogram)
        .add(System.nanoTime() - exchange.start);
  }

  private DurationHistogram histogram(Labels labels) {
    String route = labels.route;
    String uri = route != null ? route : labels.status == 404 ? "NOT_FOUND" : "UNKNOWN";
    return family.with(
        labels.method.name(),
        Outcome.forStatus(labels.status).name(),
        Integer.toString(labels.status),
        uri.replaceAll("/:(\\w+)", "/{$1}"));
  }

  private record Labels(HttpMethod method, @Nullable String route, int status) {}

  /** A request under way. */
  static final class Exchange {
    private final HttpMethod method;
    private final long start = System.nanoTime();
    private @Nullable String route;
    private int status;

    Exchange(HttpMethod method) {
      this.method = method;
    }
  }
}
