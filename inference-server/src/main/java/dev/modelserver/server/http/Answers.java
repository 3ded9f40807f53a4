package dev.modelserver.server.http;

import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.metrics.ErrorMetrics;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends answers: JSON, with the digest of the model that gave them. Call on the request's event
 * loop.
 */
@Singleton
public final class Answers {

  private static final Logger LOG = Logger.getLogger(Answers.class);
  private static final CharSequence DIGEST = HttpHeaders.createOptimized("X-Model-Digest");
  static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private final CurrentModel current;
  private final ErrorMetrics errors;
  private volatile @Nullable CharSequence digest;

  Answers(CurrentModel current, ErrorMetrics errors) {
    this.current = current;
    this.errors = errors;
  }

  /** Sends JSON. */
  public void send(RoutingContext context, int status, byte[] json) {
    send(context, status, JSON, Buffer.buffer(json));
  }

  /**
   * Sends an answer of the model.
   *
   * @param coding how the body is compressed; null when it is not
   */
  public void send(RoutingContext context, Answer answer, @Nullable String coding) {
    answer.headers().forEach(context.response()::putHeader);
    if (coding != null) {
      context.response().putHeader(HttpHeaders.CONTENT_ENCODING, coding);
      context.response().putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    }
    send(context, 200, answer.contentType(), answer.body());
  }

  /** Nothing is sent when the client has left. */
  private void send(RoutingContext context, int status, CharSequence contentType, Buffer body) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (current.ready().isPresent()) {
      response.putHeader(DIGEST, digest());
    }
    String id = RequestHeaders.requestId(context);
    if (id != null) {
      response.putHeader(RequestHeaders.REQUEST_ID, id);
    }
    var _ =
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType).end(body);
  }

  /** The same for the life of the process, which serves one model. */
  private CharSequence digest() {
    CharSequence known = digest;
    if (known == null) {
      known =
          HttpHeaders.createOptimized(current.ready().orElseThrow().identity().digest().header());
      digest = known;
    }
    return known;
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
