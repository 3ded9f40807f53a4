package dev.modelserver.server.grpc;

import dev.modelserver.server.http.FailureAnswer;
import dev.modelserver.server.http.FailureLog;
import dev.modelserver.server.http.RequestId;
import dev.modelserver.server.metrics.ErrorMetrics;
import dev.modelserver.server.tracing.RequestSpan;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Failures as gRPC tells them, by the one table; each is counted. */
@Singleton
final class Refusals {

  /** The id by which a caller and the log speak of the same request. */
  static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of(RequestId.NAME, Metadata.ASCII_STRING_MARSHALLER);

  /** What clients with a retry policy wait, in milliseconds. */
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final ErrorMetrics errors;
  private final FailureLog log;

  Refusals(ErrorMetrics errors, FailureLog log) {
    this.errors = errors;
    this.log = log;
  }

  /**
   * The status to end a call with; a failure of the server is logged with the request's id.
   *
   * @param sent the id as the caller sent it
   * @param span of the call; null: it has none
   * @param client who calls; null where nobody is asked
   */
  StatusException of(
      Throwable thrown,
      @Nullable String sent,
      @Nullable RequestSpan span,
      @Nullable String client) {
    FailureAnswer answer = FailureAnswer.of(thrown);
    String id = RequestId.of(sent);
    if (FailureLog.concerns(answer)) {
      id = RequestId.orMade(sent);
      log.log(answer, id, thrown, FailureLog.fields(span, client));
    }
    errors.count(answer.type());
    Metadata trailers = new Metadata();
    if (id != null) {
      trailers.put(REQUEST_ID, id);
    }
    String seconds = answer.headers().get("Retry-After");
    if (seconds != null) {
      trailers.put(PUSHBACK, seconds + "000");
    }
    return Status.Code.valueOf(answer.grpc().name())
        .toStatus()
        .withDescription(answer.message())
        .asException(trailers);
  }
}
