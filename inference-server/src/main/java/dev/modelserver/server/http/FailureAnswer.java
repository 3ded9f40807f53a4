package dev.modelserver.server.http;

import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * A failure as HTTP tells it: the one table from failure to status code.
 *
 * @param type a short stable name, the label of the error counter
 */
public record FailureAnswer(int status, String type, String message, Map<String, String> headers) {

  private static final Map<String, String> RETRY = Map.of("Retry-After", "1");

  public static FailureAnswer of(RequestFailure failure) {
    return switch (failure) {
      case RequestFailure.Malformed f -> answer(400, "bad_request", f.message());
      case RequestFailure.UnknownPath f -> answer(404, "unknown_path", f.message());
      case RequestFailure.WrongMethod f ->
          new FailureAnswer(405, "wrong_method", f.message(), Map.of("Allow", f.allowed()));
      case RequestFailure.BodyTooLarge f -> answer(413, "body_too_large", f.message());
      case RequestFailure.NoMemory f -> new FailureAnswer(503, "overloaded", f.message(), RETRY);
      case RequestFailure.WrongContentType f -> answer(415, "wrong_content_type", f.message());
    };
  }

  public static FailureAnswer of(InferenceFailure failure) {
    return switch (failure) {
      case InferenceFailure.InvalidInput f -> answer(400, "invalid_input", f.message());
      case InferenceFailure.ModelFailed f -> answer(500, "model_failed", f.message());
      case InferenceFailure.Overloaded f ->
          new FailureAnswer(503, "overloaded", f.message(), RETRY);
      case InferenceFailure.NotReady f -> new FailureAnswer(503, "not_ready", f.message(), RETRY);
      case InferenceFailure.DeadlineExceeded f -> answer(504, "deadline_exceeded", f.message());
    };
  }

  /**
   * The answer to whatever went wrong; what is not a known failure is ours to fix, and its words
   * stay here.
   */
  public static FailureAnswer of(Throwable thrown) {
    return switch (thrown) {
      case CompletionException e when e.getCause() != null -> of(e.getCause());
      case RequestException e -> of(e.failure());
      case InferenceException e -> of(e.failure());
      default -> answer(500, "internal", "the server failed; its log says why");
    };
  }

  /** Every value of {@link #type}. */
  public static List<String> types() {
    return List.of(
        "bad_request",
        "unknown_path",
        "wrong_method",
        "body_too_large",
        "wrong_content_type",
        "invalid_input",
        "model_failed",
        "overloaded",
        "not_ready",
        "deadline_exceeded",
        "internal");
  }

  private static FailureAnswer answer(int status, String type, String message) {
    return new FailureAnswer(status, type, message, Map.of());
  }
}
