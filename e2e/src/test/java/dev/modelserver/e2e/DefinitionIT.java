package dev.modelserver.e2e;

import static dev.modelserver.e2e.BadModelTable.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.OperatorInstall;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The CustomResourceDefinition stays when the chart goes; deleted by hand it takes every
 * ModelServer with it, and does not hang.
 */
@ClusterTest
class DefinitionIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Set<LifeStage> STAGES =
      EnumSet.of(LifeStage.READY, LifeStage.FIRST_START_FAILING, LifeStage.FIRST_START_WAITING);

  private final OperatorInstall operator = OperatorInstall.get();
  private final KubernetesClient client = Cluster.get().client();
  private TestNamespace namespace;

  @BeforeEach
  void createNamespace() {
    namespace = TestNamespace.create(Cluster.get(), "definition");
  }

  @AfterEach
  void putTheOperatorBack() {
    operator.install();
    namespace.close();
  }

  @Test
  void itsDeletionEndsAndLeavesNothing() {
    assumeThat(OtherModelServers.list(client))
        .as("ModelServers that this test would delete with its own")
        .isEmpty();
    Set<String> foreign = new HashSet<>(names());
    foreign.add("ConfigMap/" + IrisModel.V1_0.configMap());
    LifeStage.reach(namespace, STAGES);
    int made = names().size() - foreign.size();
    operator.uninstall();

    Instant deleted = Instant.now();
    client.apiextensions().v1().customResourceDefinitions().withName(OperatorInstall.CRD).delete();

    Awaitility.await("the definition is gone").atMost(SOON).until(() -> !operator.crdExists());
    String definition = seconds(Duration.between(deleted, Instant.now()));
    Awaitility.await("only what was there before is left")
        .atMost(SOON)
        .untilAsserted(() -> assertThat(names()).isEqualTo(foreign));
    Evidence.record(
        "definition.md",
        "The CustomResourceDefinition deleted while the operator is away",
        "%d ModelServers %s with %d objects: the definition was gone after %s s, the last object after %s s"
            .formatted(
                STAGES.size(),
                STAGES,
                made,
                definition,
                seconds(Duration.between(deleted, Instant.now()))));

    operator.install();
    ModelServerClient again = LifeStage.SCALED_TO_ZERO.in(namespace);
    again.create(IrisModel.V1_0.spec(0));
    again.await("taken up", SOON, state -> state.tells("ScaledToZero"));
  }

  /** {@code KIND/NAME} of what is in the namespace. */
  private Set<String> names() {
    return NamespaceObjects.list(namespace)
        .map(object -> object.getKind() + "/" + object.getMetadata().getName())
        .collect(Collectors.toSet());
  }
}
