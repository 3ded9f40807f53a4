package dev.modelserver.bench.floor;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The floor: raw routes that answer the same bytes to everybody, without a look at the request.
 *
 * <ul>
 *   <li>{@code /constant} answers at once and lets the body go by;
 *   <li>{@code /ignored-body} answers once the whole body has gone by.
 * </ul>
 *
 * The answer is the file of the system property {@code floor.answer}.
 */
@Singleton
final class FloorRoutes {

  private final Buffer answer;
  private final String length;

  FloorRoutes() throws IOException {
    answer = Buffer.buffer(Files.readAllBytes(Path.of(System.getProperty("floor.answer"))));
    length = Integer.toString(answer.length());
  }

  void register(@Observes Router router) {
    router.route("/constant").handler(this::constant);
    router.route("/ignored-body").handler(this::ignoredBody);
  }

  private void constant(RoutingContext context) {
    // a request on a raw route is paused: one that nobody resumes holds its connection
    var _ = context.request().resume();
    send(context);
  }

  private void ignoredBody(RoutingContext context) {
    context.request().handler(chunk -> {}).endHandler(end -> send(context)).resume();
  }

  private void send(RoutingContext context) {
    var _ =
        context
            .response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.CONTENT_LENGTH, length)
            .end(answer);
  }
}
