package dev.modelserver.operator.status;

import static dev.modelserver.operator.status.Situations.ONE;
import static dev.modelserver.operator.status.Situations.TWO;
import static dev.modelserver.operator.status.Situations.V1;
import static dev.modelserver.operator.status.Situations.V2;
import static dev.modelserver.operator.status.Situations.condition;
import static dev.modelserver.operator.status.Situations.good;
import static dev.modelserver.operator.status.Situations.plan;
import static dev.modelserver.operator.status.Situations.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.api.v1alpha1.VerificationStatus;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.World;
import dev.modelserver.operator.snapshot.Observed;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a status tells of golden requests. */
class VerificationStatusTest {
  private static final String FAILED =
      "1 of 2 golden requests failed: \\\"a setosa\\\": class is \\\"virginica\\\", expected \\\"setosa\\\"; put the right model there";

  @Test
  void countsWhatTheModelThatAnswersWasAsked() {
    Observed complete =
        World.of(
            World.complete(ONE, 3),
            World.preflight(
                ONE,
                0,
                "{\"contract\":1,\"outcome\":\"Succeeded\",\"reason\":\"ModelLoaded\",\"message\":\"loaded\",\"final\":false,\"sha256\":\"ab12\",\"verification\":{\"passed\":2,\"total\":2}}"));
    List<Revision> history = plan(V1, List.of(), World.empty()).kept();

    Observed unasked = World.of(World.complete(ONE, 3), World.verified(ONE, "ab12"));

    assertThat(verification(status(V1, history, complete, List.of())))
        .isEqualTo(new VerificationStatus(2, 2));
    assertThat(verification(status(V1, history, unasked, List.of()))).isNull();
  }

  @Test
  void aFailureStandsInEveryConditionThatAPersonLooksAt() {
    Observed failing =
        World.of(
            World.rolling(TWO, 3, ""),
            World.preflight(
                TWO,
                1,
                "{\"contract\":1,\"outcome\":\"Failed\",\"reason\":\"VerificationFailed\",\"message\":\"%s\",\"final\":true,\"verification\":{\"passed\":1,\"total\":2}}"
                    .formatted(FAILED)));

    ModelServerStatus status =
        status(V2, plan(V2, good(), World.empty()).kept(), failing, List.of());

    for (String type : List.of("Ready", "RolledBack", "Stalled", "ModelLoaded")) {
      assertThat(condition(status, type).message())
          .as(type)
          .contains(
              "1 of 2 golden requests failed: \"a setosa\": class is \"virginica\", expected \"setosa\"");
    }
    assertThat(condition(status, "ModelLoaded").reason()).isEqualTo("VerificationFailed");
    assertThat(condition(status, "RolledBack").reason()).isEqualTo("VerificationFailed");
    assertThat(condition(status, "Ready").reason()).isEqualTo("RolledBack");
  }

  private static @Nullable VerificationStatus verification(ModelServerStatus status) {
    return Objects.requireNonNull(status.model()).verification();
  }
}
