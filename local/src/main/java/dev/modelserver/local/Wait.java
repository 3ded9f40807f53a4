package dev.modelserver.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Waits for a ModelServer to be ready, and tells what its status says on the way. */
final class Wait {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final LocalRun run;
  private final Consumer<String> progress;

  Wait(LocalRun run, Consumer<String> progress) {
    this.run = run;
    this.progress = progress;
  }

  /**
   * Returns once the condition Ready is True for the current generation.
   *
   * @throws RunFailure when a person is needed (Stalled), at the deadline, or when the operator
   *     ends
   */
  void untilReady(ObjectNode modelServer, Instant deadline)
      throws RunFailure, InterruptedException {
    var name = modelServer.at("/metadata/name").asText();
    var said = "";
    while (true) {
      var current = run.get(modelServer);
      var sentence = sentence(current);
      if (isTrue(current, "Ready")) {
        return;
      }
      if (!sentence.equals(said)) {
        progress.accept(name + ": " + sentence);
        said = sentence;
      }
      if (isTrue(current, "Stalled")) {
        throw new RunFailure(name + ": " + sentence);
      }
      var end = run.operatorEnd();
      if (!end.isEmpty()) {
        throw new RunFailure(end);
      }
      if (Instant.now().isAfter(deadline)) {
        throw new RunFailure(name + " was not ready in time: " + sentence);
      }
      Thread.sleep(LOOK);
    }
  }

  private static boolean isTrue(JsonNode object, String type) {
    var path = ".status.conditions[?(@.type==\"" + type + "\")]";
    return PrinterColumns.find(object, path + ".status").asText().equals("True")
        && PrinterColumns.find(object, path + ".observedGeneration")
            .asText()
            .equals(object.at("/metadata/generation").asText());
  }

  private static String sentence(JsonNode object) {
    var ready = PrinterColumns.find(object, ".status.conditions[?(@.type==\"Ready\")]");
    return ready.isMissingNode()
        ? "waiting for the operator"
        : ready.path("reason").asText() + ": " + ready.path("message").asText();
  }
}
