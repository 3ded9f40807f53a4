package dev.modelserver.server.http;

import static dev.modelserver.server.http.FailureAnswer.GrpcCode.CANCELLED;
import static dev.modelserver.server.http.FailureAnswer.GrpcCode.DEADLINE_EXCEEDED;
import static dev.modelserver.server.http.FailureAnswer.GrpcCode.INTERNAL;
import static dev.modelserver.server.http.FailureAnswer.GrpcCode.INVALID_ARGUMENT;
import static dev.modelserver.server.http.FailureAnswer.GrpcCode.NOT_FOUND;
import static dev.modelserver.server.http.FailureAnswer.GrpcCode.RESOURCE_EXHAUSTED;
import static dev.modelserver.server.http.FailureAnswer.GrpcCode.UNAUTHENTICATED;
import static dev.modelserver.server.http.FailureAnswer.GrpcCode.UNAVAILABLE;
import static dev.modelserver.server.http.FailureAnswer.GrpcCode.UNIMPLEMENTED;

import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.failure.RequestFailure;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/**
 * A failure as HTTP and gRPC tell it: the one table from failure to status code.
 *
 * @param type a short stable name, the label of the error counter
 */
public record FailureAnswer(
    int status, GrpcCode grpc, String type, String message, Map<String, String> headers) {

  /** The status codes of gRPC that the server gives, under their names there. */
  public enum GrpcCode {
    CANCELLED,
    INVALID_ARGUMENT,
    DEADLINE_EXCEEDED,
    NOT_FOUND,
    RESOURCE_EXHAUSTED,
    UNAUTHENTICATED,
    UNIMPLEMENTED,
    INTERNAL,
    UNAVAILABLE
  }

  /** The type of a request that is refused because it ended the process before. */
  static final String CRASHING_INPUT = "crashing_input";

  private static final Map<String, String> RETRY = Map.of("Retry-After", "1");

  public static FailureAnswer of(RequestFailure failure) {
    return switch (failure) {
      case RequestFailure.Malformed f -> answer(400, INVALID_ARGUMENT, "bad_request", f.message());
      case RequestFailure.Unauthenticated f ->
          answer(401, UNAUTHENTICATED, "unauthenticated", f.message());
      case RequestFailure.UnknownPath f -> answer(404, UNIMPLEMENTED, "unknown_path", f.message());
      case RequestFailure.UnknownModel f -> answer(404, NOT_FOUND, "unknown_model", f.message());
      case RequestFailure.WrongMethod f ->
          new FailureAnswer(
              405, UNIMPLEMENTED, "wrong_method", f.message(), Map.of("Allow", f.allowed()));
      case RequestFailure.BodyTooLarge f ->
          answer(413, RESOURCE_EXHAUSTED, "body_too_large", f.message());
      case RequestFailure.SlowBody f ->
          answer(408, DEADLINE_EXCEEDED, "deadline_exceeded", f.message());
      case RequestFailure.WrongContentType f ->
          answer(415, INVALID_ARGUMENT, "wrong_content_type", f.message());
      case RequestFailure.WrongContentEncoding f ->
          answer(415, UNIMPLEMENTED, "wrong_content_encoding", f.message());
      case RequestFailure.NoMemory f ->
          new FailureAnswer(503, RESOURCE_EXHAUSTED, "overloaded", f.message(), RETRY);
    };
  }

  public static FailureAnswer of(InferenceFailure failure) {
    return switch (failure) {
      case InferenceFailure.InvalidInput f ->
          answer(400, INVALID_ARGUMENT, "invalid_input", f.message());
      case InferenceFailure.CrashingInput f ->
          answer(422, INVALID_ARGUMENT, CRASHING_INPUT, f.message());
      case InferenceFailure.ModelFailed f -> answer(500, INTERNAL, "model_failed", f.message());
      case InferenceFailure.Overloaded f ->
          new FailureAnswer(503, RESOURCE_EXHAUSTED, "overloaded", f.message(), RETRY);
      case InferenceFailure.NotReady f ->
          new FailureAnswer(503, UNAVAILABLE, "not_ready", f.message(), RETRY);
      case InferenceFailure.NoMemory f ->
          new FailureAnswer(503, RESOURCE_EXHAUSTED, "overloaded", f.message(), RETRY);
      case InferenceFailure.DeadlineExceeded f ->
          answer(504, DEADLINE_EXCEEDED, "deadline_exceeded", f.message());
    };
  }

  /**
   * The answer to whatever went wrong; what is not a known failure is ours to fix, and its words
   * stay here.
   */
  public static FailureAnswer of(Throwable thrown) {
    return switch (thrown) {
      case CancellationException e -> answer(499, CANCELLED, "cancelled", "the client has left");
      case CompletionException e when e.getCause() != null -> of(e.getCause());
      case RequestException e -> of(e.failure());
      case InferenceException e -> of(e.failure());
      // of memory outside the heap, for tensors: without heap the process ends
      case OutOfMemoryError e -> of(new RequestFailure.NoMemory());
      default -> answer(500, INTERNAL, "internal", "the server failed; its log says why");
    };
  }

  /** Every value of {@link #type}. */
  public static List<String> types() {
    return List.of(
        "bad_request",
        "unauthenticated",
        "unknown_path",
        "wrong_method",
        "body_too_large",
        "wrong_content_type",
        "wrong_content_encoding",
        "unknown_model",
        "invalid_input",
        CRASHING_INPUT,
        "model_failed",
        "overloaded",
        "not_ready",
        "deadline_exceeded",
        "cancelled",
        "internal");
  }

  private static FailureAnswer answer(int status, GrpcCode grpc, String type, String message) {
    return new FailureAnswer(status, grpc, type, message, Map.of());
  }
}
