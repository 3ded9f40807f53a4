package dev.modelserver.operator.revision;

import static dev.modelserver.operator.revision.Plans.V1;
import static dev.modelserver.operator.revision.Plans.V2;
import static dev.modelserver.operator.revision.Plans.failing;
import static dev.modelserver.operator.revision.Plans.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.desired.DesiredObjects;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The preflight of an image of the user's own may report anything. */
class ForeignReportTest {
  private static final String LABEL_VALUE = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";

  @Test
  void aReasonThatIsNoLabelCanBeStored() {
    RevisionPlan plan =
        failing(V2, good(V1), "The model, which is not there: " + "x".repeat(80), true);

    List<Map<String, String>> labels =
        DesiredObjects.of(V2, plan).before().stream()
            .filter(ControllerRevision.class::isInstance)
            .map(object -> object.getMetadata().getLabels())
            .toList();

    assertThat(plan.rolledBack()).isTrue();
    assertThat(labels.stream().flatMap(all -> all.values().stream()))
        .allSatisfy(value -> assertThat(value).matches(LABEL_VALUE));
    assertThat(labels)
        .extracting(all -> all.getOrDefault("modelserver.dev/reason", ""))
        .contains("PreflightFailed");
  }
}
