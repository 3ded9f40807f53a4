package dev.modelserver.server.tracing;

import dev.modelserver.server.connection.TlsPort;
import dev.modelserver.server.routing.RequestPath;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The spans of requests over HTTP, with the names of OpenTelemetry's conventions. Never with a
 * query or a body: they are the caller's data.
 */
@Singleton
public final class HttpSpans {

  private static final String KEY = HttpSpans.class.getName();

  /** The status of a request whose client left before the answer. */
  private static final int CLIENT_GONE = 499;

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT");

  /** Asked for every few seconds, by machines that trace nothing. */
  private static final Set<String> UNTRACED = Set.of("/health", "/ready", "/metrics");

  private final Tracing tracing;
  private final boolean on;

  HttpSpans(Tracing tracing) {
    this.tracing = tracing;
    this.on = tracing.on();
  }

  /** Has the requests of a router traced, when traces are on. */
  public void addTo(Router router, int order) {
    if (on) {
      router
          .route()
          .order(order)
          .handler(
              context -> {
                if (!UNTRACED.contains(RequestPath.of(context))) {
                  begin(context);
                }
                context.next();
              });
    }
  }

  /** The span of a request; null when it has none. */
  public @Nullable RequestSpan of(RoutingContext context) {
    return on ? context.get(KEY) : null;
  }

  /** Ends the span of a request whose client has left. */
  public void gone(RoutingContext context) {
    RequestSpan span = of(context);
    if (span != null) {
      span.failed("cancelled", "the client has left");
      end(context, span, CLIENT_GONE);
    }
  }

  /** Begins the span of a request that is answered before its path is looked at. */
  public void begin(RoutingContext context) {
    if (!on) {
      return;
    }
    HttpServerRequest request = context.request();
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("http.request.method", method(request));
    put(attributes, "url.path", request.path());
    attributes.put("url.scheme", TlsPort.encrypts(request.connection()) ? "https" : "http");
    attributes.put(
        "network.protocol.version", request.version() == HttpVersion.HTTP_2 ? "2" : "1.1");
    put(attributes, "user_agent.original", request.getHeader(HttpHeaders.USER_AGENT));
    if (request.remoteAddress() != null) {
      put(attributes, "client.address", request.remoteAddress().hostAddress());
    }
    RequestSpan span = tracing.begin(method(request), request::getHeader, attributes);
    if (span != null) {
      context.put(KEY, span);
      context.addEndHandler(
          done -> {
            if (done.failed()) {
              gone(context);
            } else {
              end(context, span, context.response().getStatusCode());
            }
          });
    }
  }

  private static void end(RoutingContext context, RequestSpan span, int status) {
    span.attribute("http.response.status_code", status);
    String route = route(context.currentRoute());
    String name = null;
    if (route != null) {
      span.attribute("http.route", route);
      name = method(context.request()) + " " + route;
    }
    span.end(name);
  }

  /** Routes that take every path say nothing. */
  private static @Nullable String route(@Nullable Route route) {
    if (route == null) {
      return null;
    }
    return route.getName() != null && route.isRegexPath() ? route.getName() : route.getPath();
  }

  private static String method(HttpServerRequest request) {
    String method = request.method().name();
    return METHODS.contains(method) ? method : "_OTHER";
  }

  private static void put(Map<String, Object> attributes, String key, @Nullable String value) {
    if (value != null) {
      attributes.put(key, value);
    }
  }
}
