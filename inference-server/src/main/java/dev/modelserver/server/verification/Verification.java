package dev.modelserver.server.verification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.call.Translation;
import dev.modelserver.server.config.GoldenRequest;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.http.Answer;
import dev.modelserver.server.http.Body;
import dev.modelserver.server.http.FailureAnswer;
import dev.modelserver.server.http.Translator;
import dev.modelserver.server.inference.InferenceException;
import dev.modelserver.server.inference.ServedModel;
import dev.modelserver.server.onnx.RunOutputs;
import dev.modelserver.server.predict.PredictTranslator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What became of the golden requests.
 *
 * @param total how many there are
 * @param failures for each that failed, its name and why
 */
public record Verification(int total, List<String> failures) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_SHOWN = 3;
  private static final int MAX_WORDS = 300;

  public Verification {
    failures = List.copyOf(failures);
  }

  /**
   * Asks the model every golden request, one after the other, as the route /predict would: the same
   * reader, the same inference service, the same writer, the same table of failures.
   *
   * @param podName who answers
   * @param progress receives the name of each request before it is sent
   */
  public static Verification run(
      ServedModel model, List<GoldenRequest> requests, String podName, Consumer<String> progress) {
    Translator predict = PredictTranslator.of(model, podName);
    List<String> failures = new ArrayList<>();
    for (GoldenRequest golden : requests) {
      progress.accept(Miss.clip(golden.name(), 63));
      String why = failure(model, predict, golden);
      if (why != null) {
        failures.add("\"" + Miss.clip(golden.name(), 63) + "\": " + why);
      }
    }
    return new Verification(requests.size(), failures);
  }

  /** How many were answered as expected. */
  public int passed() {
    return total - failures.size();
  }

  /** What failed, and the remedy; the first three in detail. */
  public String sentence() {
    String more =
        failures.size() > MOST_SHOWN ? "; and %d more".formatted(failures.size() - MOST_SHOWN) : "";
    return "%d of %d golden requests failed: %s%s; put the right model there, or correct the case in spec.verification.requests"
        .formatted(
            failures.size(),
            total,
            String.join("; ", failures.subList(0, Math.min(MOST_SHOWN, failures.size()))),
            more);
  }

  private static @Nullable String failure(
      ServedModel model, Translator predict, GoldenRequest golden) {
    try {
      Miss miss =
          SubsetMatch.find(golden.expect(), ask(model, predict, golden), golden.tolerance());
      return miss == null ? null : miss.words();
    } catch (RequestException | InferenceException | CompletionException e) {
      FailureAnswer answer = FailureAnswer.of(e);
      return "answered with status %d (%s)"
          .formatted(answer.status(), Miss.clip(answer.message(), MAX_WORDS));
    } catch (IOException e) {
      return "the answer cannot be read (" + e.getClass().getSimpleName() + ")";
    }
  }

  private static JsonNode ask(ServedModel model, Translator predict, GoldenRequest golden)
      throws RequestException, InferenceException, IOException {
    Translation<Answer> translation = predict.read(model, Body.of(bytes(golden.request())));
    RunOutputs outputs =
        model.service().infer(translation.request(), Runnable::run, System.nanoTime()).join();
    Answer answer = translation.answer(outputs);
    return JSON.readTree(answer.body().getBytes());
  }

  private static byte[] bytes(JsonNode request) throws JsonProcessingException {
    return JSON.writeValueAsBytes(request);
  }
}
