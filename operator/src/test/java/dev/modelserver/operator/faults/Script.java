package dev.modelserver.operator.faults;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a user does while something goes wrong.
 *
 * @param setup before anything goes wrong
 * @param action what the user does
 * @param goal whether an undisturbed run has arrived
 */
record Script(String id, Consumer<Stage> setup, Consumer<Stage> action, Predicate<Stage> goal) {
  static final List<Script> ALL =
      List.of(
          new Script(
              "create",
              stage -> {},
              stage -> stage.create(Specs.GOOD),
              stage -> stage.isTrue("Ready")),
          new Script(
              "model",
              Script::good,
              stage -> stage.patch(Specs.SECOND_MODEL),
              stage -> stage.isTrue("Ready")),
          new Script(
              "image",
              Script::good,
              stage -> stage.patch("{'spec':{'server':{'image':'registry.test/server:2.0.0'}}}"),
              stage -> stage.isTrue("Ready")),
          new Script(
              "scale",
              Script::good,
              stage -> stage.patch("{'spec':{'replicas':4}}"),
              stage -> stage.isTrue("Ready") && pods(stage) == 4),
          new Script(
              "autoscaling-on",
              Script::good,
              stage -> stage.patch(Specs.AUTOSCALED),
              stage -> stage.isTrue("Ready") && pods(stage) == 3),
          new Script(
              "autoscaling-off",
              stage -> {
                stage.create(Specs.GOOD);
                stage.patch(Specs.AUTOSCALED);
                stage.awaitTrue("Ready");
                Await.until("3 pods", Duration.ofSeconds(60), () -> pods(stage) == 3);
              },
              stage -> stage.patch("{'spec':{'autoscaling':null}}"),
              stage -> stage.isTrue("Ready") && pods(stage) == 2),
          new Script(
              "rollback",
              Script::good,
              stage -> stage.patch(Specs.CORRUPT_MODEL),
              stage -> stage.isTrue("RolledBack") && stage.isTrue("Available")),
          new Script(
              "rollback-late",
              Script::good,
              stage ->
                  stage.patch(
                      "{'spec':{'server':{'image':'registry.test/unknown:1'},'rollout':{'progressDeadlineSeconds':2}}}"),
              stage -> stage.isTrue("RolledBack") && stage.isTrue("Available")),
          new Script(
              "rolled-back-then-edited",
              stage -> {
                good(stage);
                stage.patch(Specs.CORRUPT_MODEL);
                stage.awaitTrue("RolledBack");
              },
              stage -> {
                stage.patch("{'spec':{'replicas':3}}");
                stage.patch(
                    "{'metadata':{'labels':{'team':'blue'},'annotations':{'note':'edited'}}}");
                stage.patch("{'spec':{'service':{'annotations':{'note':'edited'}}}}");
              },
              stage -> stage.isTrue("RolledBack") && pods(stage) == 3),
          new Script("delete", Script::good, Stage::delete, stage -> stage.find().isEmpty()),
          new Script(
              "recreate",
              Script::good,
              stage -> {
                stage.delete();
                stage.create(Specs.SECOND);
              },
              stage -> stage.isTrue("Ready")));

  static Script of(String id) {
    return ALL.stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
  }

  private static void good(Stage stage) {
    stage.create(Specs.GOOD);
    stage.awaitTrue("Ready");
  }

  private static int pods(Stage stage) {
    return stage
        .find()
        .map(server -> server.getStatus())
        .map(status -> status.readyReplicas())
        .orElse(0);
  }

  /** The specs and patches that several scripts use. */
  private static final class Specs {
    static final String GOOD =
        """
        replicas: 2
        model: {configMap: {name: first-model, key: model.onnx}, version: v1}
        """;
    static final String SECOND = GOOD.replace("first", "second");
    static final String SECOND_MODEL =
        "{'spec':{'model':{'configMap':{'name':'second-model','key':'model.onnx'},'version':'v2'}}}";
    static final String CORRUPT_MODEL =
        "{'spec':{'model':{'configMap':{'name':'corrupt-model','key':'model.onnx'},'version':'v3'}}}";
    static final String AUTOSCALED = "{'spec':{'autoscaling':{'minReplicas':3,'maxReplicas':5}}}";
  }
}
