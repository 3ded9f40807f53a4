package dev.modelserver.server.inference;

import java.time.Duration;

/** Every way in which an inference gives no answer. The messages are for the caller. */
public sealed interface InferenceFailure {

  String message();

  /** The inputs do not fit the model. */
  record InvalidInput(String message) implements InferenceFailure {}

  /** The inputs ended the process before, and are not run again. */
  record CrashingInput(String message) implements InferenceFailure {}

  /** The queue is full. */
  record Overloaded(int waiting) implements InferenceFailure {
    @Override
    public String message() {
      return "the server is overloaded: "
          + waiting
          + " requests are waiting; try again in a second, or add replicas";
    }
  }

  /** No answer in time; the run may still be under way. */
  record DeadlineExceeded(Duration timeout) implements InferenceFailure {
    @Override
    public String message() {
      return "no answer within "
          + timeout.toMillis()
          + " ms; send a smaller request or raise the request timeout of the model server";
    }
  }

  /** No model is loaded, not yet or no longer. */
  record NotReady(String message) implements InferenceFailure {
    /** The model is on its way. */
    public static NotReady loading() {
      return new NotReady("the model is being loaded; try again in a second");
    }
  }

  /** ONNX Runtime did not get the memory that the run needs. */
  record NoMemory(String message) implements InferenceFailure {}

  /** The model failed, as in every run before this one. */
  record ModelFailed(String message) implements InferenceFailure {}
}
