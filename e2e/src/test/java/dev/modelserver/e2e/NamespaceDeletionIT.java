package dev.modelserver.e2e;

import static dev.modelserver.e2e.BadModelTable.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.NamespacedOperator;
import dev.modelserver.e2e.cluster.OperatorInstall;
import dev.modelserver.e2e.cluster.TestNamespace;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A namespace that is deleted ends, with the ModelServers in it and with the operator that watches
 * them, which loses its objects, its rights and its pod in any order. No other operator is there to
 * help.
 */
@ClusterTest
class NamespaceDeletionIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Queue<String> ACCOUNT = new ConcurrentLinkedQueue<>();

  private final KubernetesClient client = Cluster.get().client();

  /** What goes first. */
  private enum Order {
    /** As Kubernetes' namespace controller has it. */
    ALL_AT_ONCE,
    /** The operator's pod stays for a while without a right and without a valid token. */
    RIGHTS_OF_THE_OPERATOR_FIRST;

    Set<LifeStage> stages() {
      return this == ALL_AT_ONCE
          ? EnumSet.allOf(LifeStage.class)
          : EnumSet.of(
              LifeStage.FIRST_START_WAITING, LifeStage.SCALED_TO_ZERO, LifeStage.NAME_CONFLICT);
    }
  }

  @BeforeAll
  static void removeTheOtherOperator() {
    OperatorInstall.get().uninstall();
  }

  @AfterAll
  static void putItBack() {
    OperatorInstall.get().install();
    Evidence.record(
        "namespace-deletion.md",
        "A namespace deleted with its operator inside",
        String.join("\n", ACCOUNT));
  }

  @Execution(ExecutionMode.CONCURRENT) // the rows mostly wait, each in its own namespace
  @ParameterizedTest
  @EnumSource(Order.class)
  void aNamespaceEndsWithTheOperatorInside(Order order) {
    try (TestNamespace namespace = TestNamespace.create(Cluster.get(), "inside")) {
      NamespacedOperator operator = NamespacedOperator.install(namespace);
      LifeStage.reach(namespace, order.stages());
      List<HasMetadata> objects = NamespaceObjects.withModelServers(namespace).toList();
      assertThat(objects)
          .filteredOn(object -> object.getKind().equals("ModelServer"))
          .hasSameSizeAs(order.stages());
      assertThat(objects)
          .allSatisfy(object -> assertThat(object.getMetadata().getFinalizers()).isEmpty());
      assertThat(operator.clusterWideRights()).isEmpty();

      if (order == Order.RIGHTS_OF_THE_OPERATOR_FIRST) {
        operator.deleteRights();
        assertThat(operator.pods()).as("the operator is still there").isNotEmpty();
      }
      Instant deleted = Instant.now();
      client.namespaces().withName(namespace.name()).delete();
      awaitEnd(namespace);

      ACCOUNT.add(
          "%s: %d ModelServers %s among %d objects, 0 with a finalizer; the namespace was gone after %s s"
              .formatted(
                  order,
                  order.stages().size(),
                  order.stages(),
                  objects.size(),
                  seconds(Duration.between(deleted, Instant.now()))));
    }
  }

  /** Waits until the namespace is gone; nothing in it may be kept by a finalizer meanwhile. */
  private void awaitEnd(TestNamespace namespace) {
    Awaitility.await("the end of namespace " + namespace.name())
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              @Nullable Namespace left = client.namespaces().withName(namespace.name()).get();
              assertThat(left == null ? List.of() : conditions(left)).as("what is left").isEmpty();
              assertThat(left).as("the namespace").isNull();
            });
  }

  private static List<String> conditions(Namespace namespace) {
    return namespace.getStatus().getConditions().stream()
        .filter(condition -> condition.getStatus().equals("True"))
        .map(condition -> condition.getType() + ": " + condition.getMessage())
        .toList();
  }
}
