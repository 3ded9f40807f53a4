package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A spec that its user changes in the moment of a status write is acted on, and at once. */
class SimultaneousEditIT {
  private static final int ROUNDS = 20;
  private static final Duration SOON = Duration.ofSeconds(10);

  /** Edits the spec when the next status write passes: before it is done, or before its answer. */
  private static final class EditAtStatus implements Interference {
    private final boolean before;
    private final AtomicReference<Runnable> edit;
    private volatile boolean made;

    EditAtStatus(boolean before, Runnable edit) {
      this.before = before;
      this.edit = new AtomicReference<>(edit);
    }

    boolean made() {
      return made;
    }

    @Override
    public boolean reaches(Write write) {
      pass(before, write);
      return true;
    }

    @Override
    public boolean answers(Write write) {
      pass(!before, write);
      return true;
    }

    private void pass(boolean now, Write write) {
      if (now && write.subresource().equals("status")) {
        Runnable once = edit.getAndSet(() -> {});
        once.run();
        made = true;
      }
    }
  }

  @Test
  void isNotLost() {
    try (ControlPlane plane = ControlPlane.start();
        SimulatedNode _ = SimulatedNode.start(plane.client());
        FaultProxy proxy = FaultProxy.start(plane)) {
      Stage stage = Stage.create(plane.client(), "simultaneous");
      // No resync in the time of the test: it would hide what was lost.
      try (OperatorProcess operator =
          OperatorProcess.start(
              proxy.url(),
              stage.namespace(),
              Map.of("MODELSERVER_RESYNC", "1h"),
              OperatorProcess.Archive.make(proxy.url()))) {
        operator.awaitStarted();
        stage.create("replicas: 5\nmodel: {configMap: {name: first-model, key: model.onnx}}");
        stage.awaitTrue("Ready");
        for (int round = 0; round < ROUNDS; round++) {
          int last = 3 + round % 2;
          EditAtStatus edit = new EditAtStatus(round % 4 < 2, () -> stage.scale(last));
          proxy.interfere(edit);
          stage.scale(1 + round % 2);
          // A status write of the round before may have been first: then the other edit is the
          // last.
          assertThat(Await.within(SOON, () -> edit.made() && pods(plane, stage) == wanted(stage)))
              .as("round %d: %d pods", round, wanted(stage))
              .isTrue();
        }
      }
    }
  }

  private static int wanted(Stage stage) {
    return stage.find().map(server -> server.getSpec().replicas()).orElse(0);
  }

  private static int pods(ControlPlane plane, Stage stage) {
    return plane
        .client()
        .apps()
        .deployments()
        .inNamespace(stage.namespace())
        .withName(Stage.NAME)
        .get()
        .getSpec()
        .getReplicas();
  }
}
