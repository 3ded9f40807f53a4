package dev.modelserver.server.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.call.Translation;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.text.ForeignText;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** Runs the examples one after the other: the document shows those that the model answered. */
final class ExampleRuns {

  private static final Logger LOG = Logger.getLogger(ExampleRuns.class);

  /** A reader of the document waits for these runs, all of them. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * How the examples went.
   *
   * @param answered how many of them the document shows
   * @param refused whether the model takes other values than those of an example
   * @param complete whether another try would show no more
   */
  record Result(int answered, boolean refused, boolean complete) {}

  private final ServedModel model;
  private final ObjectMapper mapper;
  private final long start = System.nanoTime();

  ExampleRuns(ServedModel model, ObjectMapper mapper) {
    this.model = model;
    this.mapper = mapper;
  }

  /** Blocks while the model runs. */
  Result run(List<Operation> operations) {
    int answered = 0;
    boolean refused = false;
    for (Operation operation : operations) {
      for (List<Example> alternatives : operation.examples()) {
        try {
          if (showFirst(operation, alternatives)) {
            answered++;
          } else {
            refused = true;
          }
        } catch (InferenceException e) {
          // after a deadline, because the others would take as long
          return new Result(
              answered, refused, e.failure() instanceof InferenceFailure.DeadlineExceeded);
        }
      }
    }
    return new Result(answered, refused, true);
  }

  /**
   * Shows the first example that the model answers; false when it refuses all of them. The
   * exception says that the server has no time for them.
   */
  private boolean showFirst(Operation operation, List<Example> alternatives)
      throws InferenceException {
    for (Example example : alternatives) {
      try {
        operation.answered(example, ask(example));
        return true;
      } catch (InferenceException e) {
        switch (e.failure()) {
          case InferenceFailure.Overloaded _,
              InferenceFailure.NotReady _,
              InferenceFailure.NoMemory _,
              InferenceFailure.DeadlineExceeded _ ->
              throw e;
          case InferenceFailure.InvalidInput _,
              InferenceFailure.CrashingInput _,
              InferenceFailure.ModelFailed _ ->
              LOG.debugf(e, "the example %s is not shown", ForeignText.logged(example.name()));
        }
      } catch (RequestException | IOException e) {
        LOG.debugf(e, "the example %s is not shown", ForeignText.logged(example.name()));
      }
    }
    return false;
  }

  private JsonNode ask(Example example) throws InferenceException, RequestException, IOException {
    JsonNode request = example.body();
    Body body = Body.of(request == null ? new byte[0] : mapper.writeValueAsBytes(request));
    Translation<Answer> translation = example.translator().read(model, body);
    Answer answer = translation.answer(outputs(translation));
    return mapper.readTree(answer.body().getBytes());
  }

  private RunOutputs outputs(Translation<Answer> translation) throws InferenceException {
    try {
      return model.service().infer(translation.request().within(left())).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof InferenceException failure) {
        throw failure;
      }
      throw e;
    }
  }

  private Duration left() {
    Duration left = PATIENCE.minusNanos(System.nanoTime() - start);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }
}
