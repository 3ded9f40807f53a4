package dev.modelserver.operator.apply;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import org.junit.jupiter.api.Test;

class RecentStatusesTest {
  private final RecentStatuses recent = new RecentStatuses();

  @Test
  void anOlderCacheGetsWhatWasWritten() {
    recent.remember(at("20", "3/3"));
    ModelServer cached = at("12", "0/3");

    recent.refresh(cached);

    assertThat(requireNonNull(cached.getStatus()).readySummary()).isEqualTo("3/3");
  }

  @Test
  void aCacheThatHasSeenTheWriteIsRightFromThenOn() {
    recent.remember(at("20", "3/3"));
    ModelServer seen = at("20", "3/3");
    ModelServer changedByOthers = at("19", "1/3");

    recent.refresh(seen);
    recent.refresh(changedByOthers);

    assertThat(requireNonNull(changedByOthers.getStatus()).readySummary()).isEqualTo("1/3");
  }

  @Test
  void comparesVersionsAsNumbers() {
    recent.remember(at("1000", "3/3"));
    ModelServer cached = at("999", "0/3");

    recent.refresh(cached);

    assertThat(requireNonNull(cached.getStatus()).readySummary()).isEqualTo("3/3");
  }

  private static ModelServer at(String resourceVersion, String ready) {
    return Yaml.read(
        ModelServer.class,
        """
        apiVersion: modelserver.dev/v1alpha1
        kind: ModelServer
        metadata: {name: iris, namespace: models, uid: 7c1a, resourceVersion: '%s'}
        status: {readySummary: %s}
        """
            .formatted(resourceVersion, ready));
  }
}
