package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerSpec;
import dev.modelserver.operator.api.v1alpha1.RevisionStatus;
import dev.modelserver.operator.faults.LivingOperator.Space;
import dev.modelserver.operator.snapshot.RolloutState;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a person on call does: roll back, pause, restart, read the history. */
class ByHandIT {
  private static final Space HERE = Space.BY_HAND;
  private static final String ROLLBACK_TO = "modelserver.dev/rollback-to";
  private static final String PAUSE = "modelserver.dev/pause-reconciliation";

  private final LivingOperator stage = LivingOperator.get();

  @Test
  void rollbackByHandAndBackAgain() {
    good("back", 1);
    stage.spec(HERE, "back", version(2));
    stage.awaitReady(HERE, "back");
    String second = revision("back");

    stage.annotate(HERE, "back", ROLLBACK_TO, "9");
    assertThat(stage.await(HERE, "back", "Stalled", "True", "RollbackImpossible").message())
        .contains("there are 1 (version v1)");
    assertThat(revision("back")).isEqualTo(second);

    stage.annotate(HERE, "back", ROLLBACK_TO, "1");
    Await.until("the first runs", LivingOperator.SOON, () -> !revision("back").equals(second));
    Await.until(
        "and the status says so",
        LivingOperator.SOON,
        () ->
            stage
                .condition(HERE, "back", "RolledBack")
                .filter(c -> c.reason().equals("ManualRollback"))
                .filter(c -> c.message().contains(" runs in place of "))
                .isPresent());
    assertThat(outcomes("back")).containsExactly("2 v2 RolledBack/ManualRollback", "1 v1 Good");
    stage.edit(HERE, "back", server -> server.setSpec(replicas(server, 2)));
    String first = revision("back");
    assertThat(first).isNotEqualTo(second);

    stage.annotate(HERE, "back", ROLLBACK_TO, null);
    stage.awaitReady(HERE, "back");
    assertThat(revision("back")).isEqualTo(second);
    assertThat(outcomes("back")).containsExactly("3 v2 Good", "1 v1 Good");
  }

  @Test
  void aPauseHoldsEverythingBackUntilItEnds() {
    good("paused", 1);
    String before = revision("paused");
    stage.annotate(HERE, "paused", PAUSE, "true");
    stage.await(HERE, "paused", "ReconciliationPaused", "True", "ReconciliationPaused");
    stage.awaitReady(HERE, "paused");

    stage.spec(HERE, "paused", version(2) + "service: {port: 8080}");
    assertThat(stage.await(HERE, "paused", "Ready", "False", "ReconciliationPaused").message())
        .contains("Deployment paused", "Service paused");
    client().services().inNamespace(HERE.namespace()).withName("paused").delete();
    int position = stage.awaitRest();
    stage.annotate(HERE, "paused", "foreign.example/looked-at", "again");
    stage.awaitRest();
    assertThat(
            stage.writesFrom(position).stream()
                .filter(write -> !write.event() && !write.subresource().equals("status")))
        .isEmpty();
    assertThat(revision("paused")).isEqualTo(before);

    stage.annotate(HERE, "paused", PAUSE, null);
    stage.awaitReady(HERE, "paused");
    assertThat(revision("paused")).isNotEqualTo(before);
    assertThat(
            client()
                .services()
                .inNamespace(HERE.namespace())
                .withName("paused")
                .get()
                .getSpec()
                .getPorts()
                .getFirst()
                .getPort())
        .isEqualTo(8080);
    assertThat(stage.condition(HERE, "paused", "ReconciliationPaused")).isEmpty();
  }

  @Test
  void aPausedRolloutScalesAndGoesOnWhenResumed() {
    good("held", 1);
    String before = revision("held");
    stage.spec(
        HERE,
        "held",
        version(2) + "replicas: 3\nrollout: {paused: true, progressDeadlineSeconds: 5}");
    stage.await(HERE, "held", "Ready", "False", "RolloutPaused");
    Await.until(
        "it scales while paused",
        LivingOperator.SOON,
        () -> Objects.equals(deployment("held").getStatus().getAvailableReplicas(), 3));
    assertThat(deployment("held").getStatus().getUpdatedReplicas()).isNull();
    // Longer than the deadline, which must not run.
    Await.within(
        Duration.ofSeconds(8), () -> stage.condition(HERE, "held", "RolledBack").isPresent());
    assertThat(stage.condition(HERE, "held", "RolledBack")).isEmpty();

    stage.spec(
        HERE,
        "held",
        version(2) + "replicas: 3\nrollout: {paused: false, progressDeadlineSeconds: 5}");
    stage.awaitReady(HERE, "held");
    assertThat(revision("held")).isNotEqualTo(before);
  }

  @Test
  void aDisruptionBudgetIsSwitchedOffAndOnAgain() {
    good("unbounded", 1);
    String before = revision("unbounded");
    assertThat(budget("unbounded")).isPresent();

    stage.spec(HERE, "unbounded", version(1) + "disruption: {enabled: false}");
    Await.until("it is gone", LivingOperator.SOON, () -> budget("unbounded").isEmpty());
    int position = stage.awaitRest();
    stage.annotate(HERE, "unbounded", "foreign.example/looked-at", "again");
    stage.awaitRest();
    assertThat(stage.writesFrom(position)).as("it stays away").isEmpty();

    // Made by somebody else under this name, it is not ours to delete.
    client().resource(foreignBudget("unbounded")).create();
    stage.annotate(HERE, "unbounded", "foreign.example/looked-at", "once more");
    stage.awaitRest();
    assertThat(budget("unbounded")).isPresent();
    client().resource(foreignBudget("unbounded")).delete();

    // Beside a spec that cannot be rendered, it comes and goes all the same.
    stage.spec(HERE, "unbounded", version(1) + "service: {port: 9001}");
    Await.until("it is back", LivingOperator.SOON, () -> budget("unbounded").isPresent());
    stage.spec(
        HERE,
        "unbounded",
        version(1)
            + "disruption: {enabled: false}\nrollout: {progressDeadlineSeconds: 5, minReadySeconds: 5}\n");
    stage.await(HERE, "unbounded", "Ready", "False", "InvalidSpec");
    Await.until("it is gone again", LivingOperator.SOON, () -> budget("unbounded").isEmpty());
    assertThat(revision("unbounded")).isEqualTo(before);
  }

  private Optional<PodDisruptionBudget> budget(String name) {
    return Optional.ofNullable(
        client()
            .policy()
            .v1()
            .podDisruptionBudget()
            .inNamespace(HERE.namespace())
            .withName(name)
            .get());
  }

  private static PodDisruptionBudget foreignBudget(String name) {
    return new PodDisruptionBudgetBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(HERE.namespace())
        .addToLabels("app.kubernetes.io/managed-by", "modelserver-operator")
        .endMetadata()
        .withNewSpec()
        .withMaxUnavailable(new IntOrString(1))
        .withNewSelector()
        .addToMatchLabels("foreign.example/app", "none")
        .endSelector()
        .endSpec()
        .build();
  }

  @Test
  void bothWaysToRestartSurviveReconciling() {
    good("restarted", 1);
    String before = revision("restarted");
    client()
        .apps()
        .deployments()
        .inNamespace(HERE.namespace())
        .withName("restarted")
        .patch(
            PatchContext.of(PatchType.STRATEGIC_MERGE),
            "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/restartedAt\":\"now\"}}}}}");
    stage.edit(HERE, "restarted", server -> server.setSpec(replicas(server, 2)));
    stage.awaitReady(HERE, "restarted");
    stage.awaitRest();
    assertThat(deployment("restarted").getSpec().getTemplate().getMetadata().getAnnotations())
        .containsEntry("kubectl.kubernetes.io/restartedAt", "now");
    assertThat(revision("restarted")).isEqualTo(before);

    stage.annotate(HERE, "restarted", "modelserver.dev/restart", "today");
    Await.until("rendered anew", LivingOperator.SOON, () -> !revision("restarted").equals(before));
    stage.awaitReady(HERE, "restarted");
    String after = revision("restarted");
    stage.edit(HERE, "restarted", server -> server.setSpec(replicas(server, 1)));
    stage.awaitReady(HERE, "restarted");
    stage.awaitRest();
    assertThat(revision("restarted")).isEqualTo(after);
  }

  @Test
  void theHistoryIsPrunedWithItsConfigMaps() {
    good("pruned", 1);
    for (int version = 2; version <= 6; version++) {
      stage.spec(HERE, "pruned", version(version) + "rollout: {revisionHistoryLimit: 2}");
      stage.awaitReady(HERE, "pruned");
    }
    stage.awaitRest();

    assertThat(outcomes("pruned")).containsExactly("6 v6 Good", "5 v5 Good", "4 v4 Good");
    List<String> kept =
        history("pruned").stream().map(entry -> Objects.requireNonNull(entry.revision())).toList();
    Map<String, List<String>> names =
        StoredObject.managed(client(), HERE.namespace()).stream()
            .filter(object -> object.name().startsWith("pruned-"))
            .collect(
                Collectors.groupingBy(
                    StoredObject::kind,
                    Collectors.mapping(StoredObject::name, Collectors.toList())));
    assertThat(names.get("ControllerRevision")).containsExactlyInAnyOrderElementsOf(kept);
    assertThat(names.get("ConfigMap"))
        .hasSize(6)
        .allMatch(name -> kept.contains(name.replaceAll("-pin$", "")));
  }

  private void good(String name, int version) {
    stage.create(HERE, name, version(version));
    stage.awaitReady(HERE, name);
  }

  private static String version(int number) {
    return "model: {configMap: {name: iris-model, key: v%1$d.onnx}, version: v%1$d}%n"
        .formatted(number);
  }

  private static ModelServerSpec replicas(ModelServer server, int replicas) {
    return Yaml.modelServer(
            Yaml.write(server.getSpec()).replace("---\n", "").replaceAll("(?m)^replicas: .*\n", "")
                + "replicas: "
                + replicas
                + "\n")
        .getSpec();
  }

  private String revision(String name) {
    return RolloutState.revisionOf(deployment(name).getSpec()).orElseThrow();
  }

  private Deployment deployment(String name) {
    return client().apps().deployments().inNamespace(HERE.namespace()).withName(name).require();
  }

  private List<RevisionStatus> history(String name) {
    return Objects.requireNonNull(stage.modelServer(HERE, name).require().getStatus().history());
  }

  private List<String> outcomes(String name) {
    return history(name).stream()
        .map(
            entry ->
                "%d %s %s%s"
                    .formatted(
                        entry.number(),
                        entry.version(),
                        entry.outcome(),
                        entry.reason() == null ? "" : "/" + entry.reason()))
        .toList();
  }

  private KubernetesClient client() {
    return stage.client();
  }
}
