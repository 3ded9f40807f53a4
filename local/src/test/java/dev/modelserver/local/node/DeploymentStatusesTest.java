package dev.modelserver.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeploymentStatusesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

  @Test
  void aPodIsAvailableOnceItWasReadyLongEnough() {
    var ready = List.of(NOW.minusSeconds(10), NOW.minusSeconds(9));

    var status = DeploymentStatuses.of(deployment(2, 10), 2, ready, NOW);

    assertThat(status.getReadyReplicas()).isEqualTo(2);
    assertThat(status.getAvailableReplicas()).isEqualTo(1);
    assertThat(status.getUnavailableReplicas()).isEqualTo(1);
    assertThat(status.getObservedGeneration()).isEqualTo(4);
    assertThat(status.getConditions())
        .extracting(condition -> condition.getType() + "=" + condition.getReason())
        .containsExactly("Available=MinimumReplicasUnavailable", "Progressing=ReplicaSetUpdated");
  }

  @Test
  void fewerPodsThanWantedAreNeverComplete() {
    var status = DeploymentStatuses.of(deployment(5, 0), 3, List.of(NOW, NOW, NOW), NOW);

    assertThat(status.getAvailableReplicas()).isEqualTo(3);
    assertThat(status.getConditions().getFirst().getStatus()).isEqualTo("False");
  }

  @Test
  void aConditionKeepsItsTimeWhileItIsTheSame() {
    var deployment = deployment(1, 0);
    deployment.setStatus(DeploymentStatuses.of(deployment, 1, List.of(NOW), NOW));

    var later = DeploymentStatuses.of(deployment, 1, List.of(NOW), NOW.plus(Duration.ofMinutes(1)));

    assertThat(later).isEqualTo(deployment.getStatus());
  }

  private static Deployment deployment(int replicas, int minReadySeconds) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("iris")
        .withGeneration(4L)
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withMinReadySeconds(minReadySeconds)
        .endSpec()
        .build();
  }
}
