package dev.modelserver.server.http;

import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.metrics.ErrorMetrics;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Sends answers: JSON, with the digest of the model that gave them. Call on the request's event
 * loop.
 */
@Singleton
public final class Answers {

  private static final Logger LOG = Logger.getLogger(Answers.class);
  private static final CharSequence DIGEST = HttpHeaders.createOptimized("X-Model-Digest");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private final CurrentModel current;
  private final ErrorMetrics errors;

  Answers(CurrentModel current, ErrorMetrics errors) {
    this.current = current;
    this.errors = errors;
  }

  /** Sends JSON, unless the client has left. */
  public void send(RoutingContext context, int status, byte[] json) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    current
        .ready()
        .ifPresent(model -> response.putHeader(DIGEST, model.identity().digest().header()));
    var _ =
        response
            .setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
            .end(Buffer.buffer(json));
  }

  /** Sends and counts a failure; what is not a known one is logged. */
  public void fail(RoutingContext context, Throwable thrown) {
    FailureAnswer answer = FailureAnswer.of(thrown);
    if (answer.type().equals("internal")) {
      LOG.error("a request failed", thrown);
    }
    fail(context, answer);
  }

  public void fail(RoutingContext context, RequestFailure failure) {
    fail(context, FailureAnswer.of(failure));
  }

  private void fail(RoutingContext context, FailureAnswer answer) {
    errors.count(answer.type());
    answer.headers().forEach(context.response()::putHeader);
    send(
        context,
        answer.status(),
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("error", answer.message());
              json.writeEndObject();
            }));
  }
}
