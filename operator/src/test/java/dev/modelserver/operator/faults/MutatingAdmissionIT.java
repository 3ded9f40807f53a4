package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.faults.LivingOperator.Space;
import dev.modelserver.operator.snapshot.RolloutState;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where policies of the cluster change what the operator applies, it reports that and writes
 * nothing more.
 */
class MutatingAdmissionIT {
  private static final Space HERE = Space.MUTATED;
  private static final int PASSES = 20;

  /** How many of the policies; a sample in CI. */
  private static final int POLICIES = Integer.getInteger("mutating.policies", 9);

  private static final long SEED = Long.getLong("mutating.seed", new Random().nextLong());
  private static final String SCALED = "autoscaling: {minReplicas: 1, maxReplicas: 3}";
  private static final String FIXED = "replicas: 2";

  private final LivingOperator stage = LivingOperator.get();

  /** As in every namespace of a cluster; pods need it that name no other. */
  @BeforeEach
  void makeTheDefaultAccount() {
    stage
        .client()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("default")
                .withNamespace(HERE.namespace())
                .endMetadata()
                .build())
        .serverSideApply();
  }

  private static Stream<Arguments> policies() {
    List<Arguments> all =
        new ArrayList<>(
            List.of(
                Arguments.of(
                    MutatingPolicy.LABEL,
                    true,
                    "True",
                    "Deployment label has metadata.labels['app.kubernetes.io/part-of'] = 'platform' instead of 'modelserver' & Service label & HorizontalPodAutoscaler label & PodDisruptionBudget label & ServiceAccount label-server & ControllerRevision label- & ConfigMap label-"),
                Arguments.of(
                    MutatingPolicy.TEMPLATE_LABEL,
                    false,
                    "True",
                    "Deployment template-label has spec.template.metadata.labels['app.kubernetes.io/part-of'] = 'platform' instead of 'modelserver'."),
                Arguments.of(
                    MutatingPolicy.RESOURCES,
                    false,
                    "True",
                    "spec.template.spec.containers[name='server'].resources.requests.memory = '777Mi' instead of '"),
                Arguments.of(
                    MutatingPolicy.IMAGE,
                    false,
                    "True",
                    "Deployment image has spec.template.spec.containers[name='server'].image = 'mirror.test/server:1.0.0' instead of 'registry.test/server:1.0.0'"),
                Arguments.of(
                    MutatingPolicy.ZERO_PODS,
                    true,
                    "False",
                    "Deployment zero-pods has spec.replicas = 0 instead of 1"),
                Arguments.of(MutatingPolicy.PODS, false, "True", ""),
                Arguments.of(
                    MutatingPolicy.MOVED_PORT,
                    false,
                    "True",
                    "Service moved-port has spec.ports[name='http'].port = 8181 instead of 80"),
                Arguments.of(
                    MutatingPolicy.CONFIGURATION,
                    false,
                    "True",
                    "has data['config.json'] = a value that is not shown instead of a value that is not shown"),
                Arguments.of(
                    MutatingPolicy.RECORD,
                    false,
                    "True",
                    "has data.config['config.json'] = a value that is not shown instead of a value that is not shown")));
    Collections.shuffle(all, new Random(SEED));
    System.out.printf("%nPolicies, seed %d: %d of %d%n", SEED, POLICIES, all.size());
    return all.stream().limit(POLICIES);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void whatAPolicyChangesIsReportedAndNotWrittenAgain(
      MutatingPolicy policy, boolean scaled, String ready, String reported) {
    String name = policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    policy.enforce(stage, HERE, name);
    stage.create(HERE, name, spec("iris", 1) + (scaled ? SCALED : FIXED));
    Await.until(
        name + " has Ready=" + ready,
        LivingOperator.SOON,
        () ->
            stage.condition(HERE, name, "Ready").filter(c -> c.status().equals(ready)).isPresent());
    int start = stage.awaitRest();
    Set<String> pods = pods(name);

    passes(name, PASSES);

    List<Write> writes = stage.writesFrom(start);
    String message =
        stage.condition(HERE, name, "FieldsOverridden").map(Condition::message).orElse("");
    System.out.printf(
        "%n%s: %d passes, %d writes %s; FieldsOverridden: %s%n",
        policy, PASSES, writes.size(), writes, message);
    assertThat(writes).isEmpty();
    assertThat(pods(name)).isEqualTo(pods);
    assertThat(message).contains(reported.replace('\'', '"').split(" & "));
    assertThat(message.isEmpty()).isEqualTo(reported.isEmpty());
    assertThat(stage.condition(HERE, name, "Ready").orElseThrow().status()).isEqualTo(ready);
    assertThat(stage.condition(HERE, name, "RevisionIgnored")).isEmpty();

    int again = stage.position();
    stage.annotate(HERE, name, "modelserver.dev/retry", "now");
    passes(name, 1);
    assertThat(stage.writesFrom(again)).noneMatch(write -> write.verb().equals("DELETE"));
    assertThat(stage.writesFrom(again).isEmpty()).isEqualTo(reported.isEmpty());
    assertThat(stage.condition(HERE, name, "Ready").orElseThrow().status()).isEqualTo(ready);
    assertThat(stage.condition(HERE, name, "FieldsOverridden").map(Condition::message).orElse(""))
        .isEqualTo(message);
    assertThat(stage.condition(HERE, name, "RevisionIgnored")).isEmpty();
    assertThat(pods(name)).isEqualTo(pods);
    leave(name, policy);
  }

  @Test
  void anEditIsRepairedAndAPolicyThatIsGoneIsNoticed() {
    String name = "edited";
    MutatingPolicy.IMAGE.enforce(stage, HERE, name);
    stage.create(HERE, name, spec("iris", 1) + FIXED);
    stage.awaitReady(HERE, name);
    stage.awaitRest();
    int deadline = deployment(name).getSpec().getProgressDeadlineSeconds();

    for (int edit = 1; edit <= 3; edit++) {
      int start = stage.position();
      assertThat(object(name).replace(MutatingAdmissionIT::withAnotherDeadline)).isEmpty();
      Await.until(
          "the deadline is the operator's",
          LivingOperator.SOON,
          () -> deployment(name).getSpec().getProgressDeadlineSeconds() == deadline);
      stage.awaitRest();
      // A second one comes from a pass that has not seen the first in its cache; not a third.
      assertThat(applies(start)).as("writes after edit " + edit).hasSizeBetween(1, 2);
    }
    assertThat(image(name)).isEqualTo("mirror.test/server:1.0.0");

    int start = stage.position();
    assertThat(object(name).replace(MutatingAdmissionIT::withAnotherImage)).isEmpty();
    Await.until(
        "the image is the policy's",
        LivingOperator.SOON,
        () -> image(name).equals("mirror.test/server:1.0.0"));
    stage.awaitRest();
    assertThat(applies(start))
        .as("writes after an edit of the field that is overridden")
        .hasSizeBetween(1, 2);

    MutatingPolicy.IMAGE.revoke(stage, HERE, name);
    int before = stage.position();
    passes(name, PASSES);
    assertThat(applies(before)).as("nothing tells that the policy is gone").isEmpty();
    stage.annotate(HERE, name, "modelserver.dev/retry", "now");
    Await.until(
        "the field is the operator's again",
        LivingOperator.SOON,
        () ->
            image(name).equals("registry.test/server:1.0.0")
                && stage.condition(HERE, name, "FieldsOverridden").isEmpty());
    stage.awaitReady(HERE, name);
    stage.modelServer(HERE, name).delete();
  }

  @Test
  void revisionsRollOutAndBackThroughPolicies() {
    String name = "rolled";
    List<MutatingPolicy> policies =
        List.of(MutatingPolicy.IMAGE, MutatingPolicy.RESOURCES, MutatingPolicy.TEMPLATE_LABEL);
    policies.forEach(policy -> policy.enforce(stage, HERE, name));
    stage.create(HERE, name, spec("iris", 1) + FIXED);
    stage.awaitReady(HERE, name);
    String first = revision(name);
    stage.spec(HERE, name, spec("iris", 2) + FIXED);
    stage.awaitReady(HERE, name);
    String second = revision(name);
    assertThat(second).isNotEqualTo(first);
    stage.spec(HERE, name, spec("corrupt", 3) + FIXED);
    stage.await(HERE, name, "RolledBack", "True", "InvalidModel");
    Await.until("the last good one runs", LivingOperator.SOON, () -> revision(name).equals(second));
    stage.annotate(HERE, name, "modelserver.dev/rollback-to", "1");
    Await.until("the first one runs", LivingOperator.SOON, () -> revision(name).equals(first));
    Await.until("its pods alone are left", LivingOperator.SOON, () -> pods(name).size() == 2);
    int start = stage.awaitRest();
    Set<String> pods = pods(name);

    passes(name, PASSES);

    assertThat(stage.writesFrom(start)).isEmpty();
    assertThat(pods(name)).isEqualTo(pods);
    assertThat(image(name)).isEqualTo("mirror.test/server:1.0.0");
    assertThat(stage.condition(HERE, name, "FieldsOverridden").orElseThrow().message())
        .contains("mirror.test", "part-of", "777Mi");
    leave(name, policies.toArray(MutatingPolicy[]::new));
  }

  /** The history of a record that a policy changes is what the operator wrote. */
  @Test
  void aChangedRecordIsRolledBackTo() {
    String name = "recorded";
    MutatingPolicy.RECORD.enforce(stage, HERE, name);
    stage.create(HERE, name, spec("iris", 1) + FIXED);
    stage.awaitReady(HERE, name);
    String first = revision(name);
    stage.spec(HERE, name, spec("iris", 2) + FIXED);
    stage.awaitReady(HERE, name);

    stage.annotate(HERE, name, "modelserver.dev/rollback-to", "1");

    Await.until("the first one runs", LivingOperator.SOON, () -> revision(name).equals(first));
    stage.await(HERE, name, "RolledBack", "True", "ManualRollback");
    leave(name, MutatingPolicy.RECORD);
  }

  /** Each of these is a pass of its own. */
  private void passes(String name, int passes) {
    for (int pass = 0; pass < passes; pass++) {
      double before = finished();
      stage.annotate(HERE, name, "foreign.example/looked-at", Long.toString(System.nanoTime()));
      Await.until("pass " + pass, LivingOperator.SOON, () -> finished() > before);
    }
    stage.awaitRest();
  }

  private double finished() {
    return Double.parseDouble(
        stage.operator().metric("reconciliations_success_total{controller_name=\"modelserver\"}"));
  }

  private List<Write> applies(int start) {
    return stage.writesFrom(start).stream()
        .filter(write -> !write.event() && !write.subresource().equals("status"))
        .toList();
  }

  private void leave(String name, MutatingPolicy... policies) {
    stage.modelServer(HERE, name).delete();
    for (MutatingPolicy policy : policies) {
      policy.revoke(stage, HERE, name);
    }
  }

  private static String spec(String model, int version) {
    return "model: {configMap: {name: %s-model, key: model.onnx}, version: v%d}\n"
        .formatted(model, version);
  }

  private StoredObject object(String name) {
    return new StoredObject(
        stage.client(),
        "Deployment",
        "/apis/apps/v1/namespaces/%s/deployments/%s".formatted(HERE.namespace(), name));
  }

  private Set<String> pods(String name) {
    return stage
        .client()
        .pods()
        .inNamespace(HERE.namespace())
        .withLabel("modelserver.dev/name", name)
        .list()
        .getItems()
        .stream()
        .map(pod -> pod.getMetadata().getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Deployment deployment(String name) {
    return Objects.requireNonNull(
        stage.client().apps().deployments().inNamespace(HERE.namespace()).withName(name).get());
  }

  private String image(String name) {
    return deployment(name).getSpec().getTemplate().getSpec().getContainers().getFirst().getImage();
  }

  private String revision(String name) {
    return RolloutState.revisionOf(deployment(name).getSpec()).orElseThrow();
  }

  private static JsonNode withAnotherDeadline(JsonNode deployment) {
    ObjectNode copy = deployment.deepCopy();
    ((ObjectNode) copy.path("spec")).put("progressDeadlineSeconds", 99);
    return copy;
  }

  private static JsonNode withAnotherImage(JsonNode deployment) {
    ObjectNode copy = deployment.deepCopy();
    ((ObjectNode) copy.at("/spec/template/spec/containers/0")).put("image", "other.test/server:2");
    return copy;
  }
}
