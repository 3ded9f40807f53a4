package dev.modelserver.server.grpc;

import dev.modelserver.server.http.FailureAnswer;
import dev.modelserver.server.metrics.ErrorMetrics;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Failures as gRPC tells them, by the one table; each is counted. */
@Singleton
final class Refusals {

  private static final Logger LOG = Logger.getLogger(Refusals.class);

  /** What clients with a retry policy wait, in milliseconds. */
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final ErrorMetrics errors;

  Refusals(ErrorMetrics errors) {
    this.errors = errors;
  }

  /** The status to end a call with; what is not a known failure is logged. */
  StatusException of(Throwable thrown) {
    FailureAnswer answer = FailureAnswer.of(thrown);
    if (answer.type().equals("internal")) {
      LOG.error("a gRPC request failed", thrown);
    }
    errors.count(answer.type());
    Metadata trailers = new Metadata();
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
