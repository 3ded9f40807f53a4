package dev.modelserver.operator.status;

import static dev.modelserver.operator.status.Situations.CLOCK;
import static dev.modelserver.operator.status.Situations.ONE;
import static dev.modelserver.operator.status.Situations.V1;
import static dev.modelserver.operator.status.Situations.condition;
import static dev.modelserver.operator.status.Situations.find;
import static dev.modelserver.operator.status.Situations.good;
import static dev.modelserver.operator.status.Situations.situation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.apply.OverriddenField;
import dev.modelserver.operator.revision.World;
import dev.modelserver.operator.snapshot.Observed;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is said where an admission of the cluster changes fields of the operator. */
class OverriddenFieldsTest {
  private static final Observed COMPLETE = World.of(World.complete(ONE, 3));

  @Test
  void namesObjectFieldValuesCauseAndRemedy() {
    ModelServerStatus status =
        status(
            List.of(
                new OverriddenField(
                    "Deployment iris", "spec.template.spec.containers", "\"a\"", "\"b\"")));

    Condition overridden = condition(status, "FieldsOverridden");
    assertThat(overridden.status()).isEqualTo("True");
    assertThat(overridden.reason()).isEqualTo("AdmissionChangedFields");
    assertThat(overridden.message())
        .contains(
            "Deployment iris has spec.template.spec.containers = \"b\" instead of \"a\".",
            "policy or webhook",
            "modelserver.dev/retry");
    assertThat(condition(status, "Ready").status()).isEqualTo("True");
    assertThat(find(status, "Stalled")).isEmpty();
    assertThat(find(status, "Reconciling")).isEmpty();
  }

  @Test
  void isAbsentWhereNothingIsChanged() {
    assertThat(find(status(List.of()), "FieldsOverridden")).isEmpty();
  }

  @Test
  void tenFieldsAreNamedAndAllAreCounted() {
    List<OverriddenField> many =
        IntStream.range(0, 500)
            .mapToObj(
                i ->
                    new OverriddenField(
                        "Service iris", i + "x".repeat(999), "y".repeat(999), "z".repeat(999)))
            .toList();

    String message = condition(status(many), "FieldsOverridden").message();

    assertThat(message).contains("and 490 more.").hasSizeLessThan(6_000);
  }

  @Test
  void oneEventTellsIt() {
    List<Condition> before = Conditions.of(status(List.of()));
    List<Condition> after =
        Conditions.of(status(List.of(new OverriddenField("Service iris", "a", "1", "2"))));

    assertThat(Conditions.transitions(before, after))
        .extracting(Condition::reason)
        .containsExactly("AdmissionChangedFields");
    assertThat(Conditions.transitions(after, after)).isEmpty();
    assertThat(after).noneMatch(Conditions::alarming);
  }

  @Test
  void itStaysBesideASpecThatCannotBeRead() {
    ModelServer server = Yaml.modelServer("model: {uri: 'https://h/m', version: v1}\nreplicas: 3");
    server.setStatus(status(List.of(new OverriddenField("Service iris", "a", "1", "2"))));

    ModelServerStatus rejected =
        new StatusFactory(CLOCK)
            .rejected(server, List.of("spec.model is missing"), COMPLETE, Optional.empty());

    assertThat(condition(rejected, "FieldsOverridden").message()).contains("Service iris");
  }

  private static ModelServerStatus status(List<OverriddenField> fields) {
    return new StatusFactory(CLOCK)
        .of(V1, Situations.overridden(situation(V1, good(), COMPLETE, List.of()), fields));
  }
}
