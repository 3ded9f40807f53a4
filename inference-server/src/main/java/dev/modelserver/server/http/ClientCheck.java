package dev.modelserver.server.http;

import dev.modelserver.server.access.Authentication;
import dev.modelserver.server.access.Caller;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.metrics.ClientMetrics;
import dev.modelserver.server.routing.RequestPath;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks every request for its client's token, before any route sees it and before its body is read.
 * Only the paths of health are open, compared in the same form that routes are found by.
 */
@Singleton
public final class ClientCheck {

  private static final Set<String> OPEN =
      Set.of("/health", "/ready", "/v2/health/live", "/v2/health/ready");

  private static final String KEY = ClientCheck.class.getName();

  /** The status of a request whose client left before the answer. */
  private static final String CLIENT_GONE = "499";

  private static final CharSequence CHALLENGE = HttpHeaders.createOptimized("WWW-Authenticate");

  /** Lines of their own: browsers do not find a second challenge in one. */
  private static final List<CharSequence> CHALLENGES =
      List.of("Bearer realm=\"modelserver\"", "Basic realm=\"modelserver\", charset=\"UTF-8\"");

  private final Authentication authentication;
  private final ClientMetrics clients;
  private final Answers answers;

  ClientCheck(Authentication authentication, ClientMetrics clients, Answers answers) {
    this.authentication = authentication;
    this.clients = clients;
    this.answers = answers;
  }

  /** Has the requests of a router asked, where tokens are configured. */
  public void addTo(Router router, int order) {
    if (authentication.on()) {
      router.route().order(order).handler(this::check);
    }
  }

  /** Who sent the request; null where nobody was asked. */
  static @Nullable String client(RoutingContext context) {
    return context.get(KEY);
  }

  /** Whether a path, normalised, is answered to everybody. */
  public static boolean open(String path) {
    return OPEN.contains(path);
  }

  private void check(RoutingContext context) {
    if (open(RequestPath.of(context))) {
      context.next();
      return;
    }
    Caller caller =
        authentication.caller(context.request().headers().getAll(HttpHeaders.AUTHORIZATION));
    context.put(KEY, caller.client());
    context.addEndHandler(
        sent ->
            clients.count(
                caller.client(),
                sent.failed()
                    ? CLIENT_GONE
                    : Integer.toString(context.response().getStatusCode())));
    if (authentication.admits(caller)) {
      context.next();
      return;
    }
    BodyReader.discard(context);
    context.response().putHeader(CHALLENGE, CHALLENGES);
    answers.fail(context, new RequestFailure.Unauthenticated(caller.sentToken()));
  }
}
