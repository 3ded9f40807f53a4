package dev.modelserver.server.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.http.Translation;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.InferenceFailure;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.onnx.RunOutputs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** Asks the model the examples, one after the other, so that the document shows real answers. */
final class ExampleRuns {

  private static final Logger LOG = Logger.getLogger(ExampleRuns.class);

  /** A reader of the document waits for these runs. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** What became of the examples. */
  enum Outcome {
    /** Each was answered that can be. */
    COMPLETE,
    /** The model does not take these values. */
    REFUSED,
    /** Not now; later perhaps. */
    UNAVAILABLE
  }

  private final ServedModel model;
  private final ObjectMapper mapper;

  ExampleRuns(ServedModel model, ObjectMapper mapper) {
    this.model = model;
    this.mapper = mapper;
  }

  /** Blocks while the model runs. */
  Outcome run(List<Operation> operations) {
    Outcome outcome = Outcome.COMPLETE;
    for (Operation operation : operations) {
      for (Example example : operation.examples()) {
        try {
          operation.answered(example, ask(example));
        } catch (InferenceException e) {
          switch (e.failure()) {
            case InferenceFailure.CrashingInput _,
                InferenceFailure.InvalidInput _,
                InferenceFailure.ModelFailed _,
                InferenceFailure.NoMemory _ ->
                outcome = Outcome.REFUSED;
            case InferenceFailure.Overloaded _, InferenceFailure.NotReady _ -> {
              return Outcome.UNAVAILABLE;
            }
            case InferenceFailure.DeadlineExceeded _ -> {
              // the others would take as long
              return outcome;
            }
          }
        } catch (RequestException | IOException e) {
          LOG.debugf(e, "the example %s is shown without an answer", example.name());
        }
      }
    }
    return outcome;
  }

  private JsonNode ask(Example example) throws InferenceException, RequestException, IOException {
    JsonNode request = example.body();
    Body body = Body.of(request == null ? new byte[0] : mapper.writeValueAsBytes(request));
    Translation translation = example.translator().read(model, body);
    Answer answer = translation.answer(outputs(translation));
    return mapper.readTree(answer.body().getBytes());
  }

  private RunOutputs outputs(Translation translation) throws InferenceException {
    try {
      return model.service().infer(translation.request().within(PATIENCE)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof InferenceException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
