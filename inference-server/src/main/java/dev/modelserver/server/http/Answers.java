package dev.modelserver.server.http;

import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.inference.CurrentModel;
import dev.modelserver.server.metrics.ErrorMetrics;
import dev.modelserver.server.tracing.HttpSpans;
import dev.modelserver.server.tracing.RequestSpan;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Sends answers: JSON, with the digest of the model that gave them. Call on the request's event
 * loop.
 */
@Singleton
public final class Answers {

  private static final CharSequence DIGEST = HttpHeaders.createOptimized("X-Model-Digest");
  static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private final CurrentModel current;
  private final ErrorMetrics errors;
  private final FailureLog log;
  private final HttpSpans spans;
  private final UnreadAnswers unread;
  private volatile @Nullable CharSequence digest;

  Answers(
      CurrentModel current,
      ErrorMetrics errors,
      FailureLog log,
      HttpSpans spans,
      UnreadAnswers unread) {
    this.current = current;
    this.errors = errors;
    this.log = log;
    this.spans = spans;
    this.unread = unread;
  }

  /** Sends JSON. */
  public void send(RoutingContext context, int status, byte[] json) {
    var _ = send(context, status, JSON, Buffer.buffer(json));
  }

  /**
   * Sends an answer of the model, or a failure when others hold all memory for large ones.
   *
   * @param coding how the body is compressed; null when it is not
   */
  public void send(RoutingContext context, Answer answer, @Nullable String coding) {
    boolean sent =
        unread.send(
            context.request(), answer.body().length(), () -> begin(context, answer, coding));
    if (!sent) {
      fail(context, new RequestFailure.NoMemory());
    }
  }

  private Future<Void> begin(RoutingContext context, Answer answer, @Nullable String coding) {
    if (!answer.headers().isEmpty()) {
      answer.headers().forEach(context.response()::putHeader);
    }
    if (coding != null) {
      context.response().putHeader(HttpHeaders.CONTENT_ENCODING, coding);
      context.response().putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    }
    return send(context, 200, answer.contentType(), answer.body());
  }

  /** Nothing is sent when the client has left. */
  private Future<Void> send(
      RoutingContext context, int status, CharSequence contentType, Buffer body) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    if (current.ready().isPresent()) {
      response.putHeader(DIGEST, digest());
    }
    String id = RequestHeaders.requestId(context);
    if (id != null) {
      response.putHeader(RequestHeaders.REQUEST_ID, id);
    }
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    return end(context, body);
  }

  /** Ends the response: for HEAD without the body, but with its length. */
  public static Future<Void> end(RoutingContext context, Buffer body) {
    HttpServerResponse response = context.response();
    if (context.request().method().equals(HttpMethod.HEAD)) {
      return response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length())).end();
    }
    return response.end(body);
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

  /** Sends and counts a failure; when it is the server's, it is logged with the request's id. */
  public void fail(RoutingContext context, Throwable thrown) {
    FailureAnswer answer = FailureAnswer.of(thrown);
    if (FailureLog.concerns(answer)) {
      String id = RequestId.orMade(context.request().getHeader(RequestHeaders.REQUEST_ID));
      context.response().putHeader(RequestHeaders.REQUEST_ID, id);
      RequestSpan span = spans.of(context);
      if (span != null) {
        span.failed(answer.type(), answer.message());
      }
      log.log(answer, id, thrown, FailureLog.fields(span, ClientCheck.client(context)));
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
