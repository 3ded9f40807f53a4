package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.faults.LivingOperator.Space;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A ModelServer goes with all that was made for it, in whatever state it is, with the operator
 * there or gone; nothing of anybody else goes with it.
 */
class DeletionIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Space HERE = Space.DELETION;
  private static final String GOOD =
      "model: {configMap: {name: iris-model, key: model.onnx}, version: v1}\n";
  private static final String CORRUPT =
      "model: {configMap: {name: corrupt-model, key: model.onnx}, version: v2}\n";
  private static final String ABSENT =
      "model: {configMap: {name: absent-model, key: model.onnx}, version: v2}\n";

  private final LivingOperator stage = LivingOperator.get();

  /** States in which a ModelServer can be when it is deleted. */
  private enum State {
    CREATING,
    READY,
    ROLLING,
    FAILED,
    ROLLED_BACK,
    BACK_BY_HAND,
    ROLLOUT_PAUSED,
    RECONCILIATION_PAUSED,
    AUTOSCALED,
    NAME_CONFLICT
  }

  @Test
  void everyStateEndsWithoutATrace() {
    System.out.println();
    for (boolean alive : new boolean[] {true, false}) {
      for (State state : State.values()) {
        bring(HERE, state);
      }
      if (!alive) {
        stage.operator().kill();
      }
      try {
        for (State state : State.values()) {
          delete(HERE, state, alive);
        }
        assertThat(rest(HERE.namespace())).isEmpty();
        assertThat(foreignService(HERE).get()).as("somebody else's Service").isNotNull();
        foreignService(HERE).delete();
      } finally {
        if (!alive) {
          stage.operator().restartIfEnded();
          stage.operator().awaitStarted();
        }
      }
    }
  }

  @Test
  void aNamespaceEndsWithTheOperatorThereAndGone() {
    System.out.println();
    for (boolean alive : new boolean[] {true, false}) {
      for (State state : State.values()) {
        bring(Space.LEAVING, state);
      }
      if (!alive) {
        stage.operator().kill();
      }
      try {
        long start = System.nanoTime();
        String namespace = Space.LEAVING.namespace();
        client().namespaces().withName(namespace).delete();
        Await.until(
            "namespace " + namespace + " is gone",
            Duration.ofSeconds(60),
            () -> client().namespaces().withName(namespace).get() == null);
        System.out.printf(
            "  namespace with %d ModelServers, operator %s: gone after %.1f s%n",
            State.values().length, alive ? "there" : "dead", (System.nanoTime() - start) / 1e9);
        client()
            .resource(
                new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
            .create();
      } finally {
        if (!alive) {
          stage.operator().restartIfEnded();
          stage.operator().awaitStarted();
        }
      }
    }
  }

  private void bring(Space space, State state) {
    String name = name(state);
    switch (state) {
      case CREATING -> {
        stage.create(space, name, ABSENT);
        stage.await(space, name, "Ready", "False", "ModelNotFound");
      }
      case READY -> good(space, name, GOOD);
      case ROLLING -> {
        good(space, name, GOOD);
        stage.spec(space, name, ABSENT);
        stage.await(space, name, "Ready", "False", "ModelNotFound");
      }
      case FAILED -> {
        stage.create(space, name, CORRUPT);
        stage.await(space, name, "Ready", "False", "InvalidModel");
      }
      case ROLLED_BACK -> {
        good(space, name, GOOD);
        stage.spec(space, name, CORRUPT);
        stage.await(space, name, "Ready", "False", "RolledBack");
      }
      case BACK_BY_HAND -> {
        good(space, name, GOOD);
        stage.spec(space, name, GOOD + "resources: {requests: {cpu: 10m}}");
        stage.awaitReady(space, name);
        stage.annotate(space, name, "modelserver.dev/rollback-to", "1");
        stage.await(space, name, "Ready", "False", "ManualRollback");
      }
      case ROLLOUT_PAUSED -> {
        stage.create(space, name, GOOD + "rollout: {paused: true}");
        stage.await(space, name, "Ready", "False", "RolloutPaused");
      }
      case RECONCILIATION_PAUSED -> {
        good(space, name, GOOD);
        stage.annotate(space, name, "modelserver.dev/pause-reconciliation", "true");
        stage.await(space, name, "ReconciliationPaused", "True", "ReconciliationPaused");
      }
      case AUTOSCALED -> good(space, name, GOOD + "autoscaling: {minReplicas: 2, maxReplicas: 3}");
      case NAME_CONFLICT -> {
        client()
            .raw(
                "/api/v1/namespaces/%s/services".formatted(space.namespace()),
                "POST",
                Map.of(
                    "apiVersion",
                    "v1",
                    "kind",
                    "Service",
                    "metadata",
                    Map.of("name", name),
                    "spec",
                    Map.of("ports", List.of(Map.of("port", 80)))));
        stage.create(space, name, GOOD);
        stage.await(space, name, "Ready", "False", "NameConflict");
      }
    }
  }

  private void good(Space space, String name, String spec) {
    stage.create(space, name, spec);
    stage.awaitReady(space, name);
  }

  private void delete(Space space, State state, boolean alive) {
    long start = System.nanoTime();
    stage
        .modelServer(space, name(state))
        .withPropagationPolicy(
            state == State.READY ? DeletionPropagation.FOREGROUND : DeletionPropagation.BACKGROUND)
        .delete();
    boolean gone =
        Await.within(
            LIMIT,
            () ->
                stage.modelServer(space, name(state)).get() == null
                    && rest(space.namespace()).stream()
                        .noneMatch(object -> object.contains("/" + name(state))));
    System.out.printf(
        "  %-22s operator %-6s %s after %.1f s%n",
        state,
        alive ? "there" : "dead",
        gone ? "gone" : "NOT GONE",
        (System.nanoTime() - start) / 1e9);
    assertThat(gone).as("%s: %s", state, rest(space.namespace())).isTrue();
  }

  /** What was made for ModelServers and is still there. */
  private List<String> rest(String namespace) {
    List<String> all = new ArrayList<>();
    StoredObject.managed(client(), namespace)
        .forEach(object -> all.add(object.kind() + "/" + object.name()));
    Stream.of(
            client().pods().inNamespace(namespace).list().getItems(),
            client().apps().replicaSets().inNamespace(namespace).list().getItems())
        .flatMap(List::stream)
        .map(HasMetadata::getMetadata)
        .forEach(metadata -> all.add("Pod or ReplicaSet/" + metadata.getName()));
    return all;
  }

  private io.fabric8.kubernetes.client.dsl.ServiceResource<io.fabric8.kubernetes.api.model.Service>
      foreignService(Space space) {
    return client().services().inNamespace(space.namespace()).withName(name(State.NAME_CONFLICT));
  }

  private static String name(State state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private KubernetesClient client() {
    return stage.client();
  }
}
