package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.faults.LivingOperator.Space;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The NetworkPolicy of a ModelServer on an API server: what it refuses, what comes and goes. */
class NetworkPolicyIT {
  private static final Space HERE = Space.ISOLATED;
  private static final String MODEL =
      "model: {configMap: {name: iris-model, key: model.onnx}, version: v1}\n";
  private static final String INVALID =
      "rollout: {progressDeadlineSeconds: 5, minReadySeconds: 5}\n";

  private static final LivingOperator STAGE = LivingOperator.get();

  @AfterAll
  static void leaveNothing() {
    STAGE.client().resources(ModelServer.class).inNamespace(HERE.namespace()).delete();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "from: []                    | spec.networkPolicy.from in body should have at least 1 items",
        "to: []                      | spec.networkPolicy.to in body should have at least 1 items",
        "from: [{}]                  | a peer is either an ipBlock, or a podSelector, a namespaceSelector or both",
        "to: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}] | a peer is either an ipBlock",
        "from: [{ipBlock: {}}]       | spec.networkPolicy.from[0].ipBlock.cidr: Required value",
        "from: [{ipBlock: {cidr: 10.0.0.0}}]    | spec.networkPolicy.from[0].ipBlock.cidr in body should match",
        "from: [{ipBlock: {cidr: 10.0.0.0/33}}] | spec.networkPolicy.from[0].ipBlock.cidr in body should match",
        "to: [{ipBlock: {cidr: 'fd00::/129'}}]  | spec.networkPolicy.to[0].ipBlock.cidr in body should match",
        "to: [{ipBlock: {cidr: 10.0.0.0/8, except: [x]}}] | spec.networkPolicy.to[0].ipBlock.except[0] in body should match",
        "from: [{podSelector: {matchExpressions: [{key: a, operator: Is}]}}] | Unsupported value: \"Is\"",
      })
  void theSchemaRefuses(String policy, String words) {
    String manifest =
        """
        apiVersion: modelserver.dev/v1alpha1
        kind: ModelServer
        metadata: {name: refused, namespace: %s}
        spec:
          model: {configMap: {name: iris-model, key: model.onnx}}
          networkPolicy: {%s}
        """
            .formatted(HERE.namespace(), policy);

    assertThat(
            Refused.by(
                () ->
                    STAGE
                        .client()
                        .load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                        .create()))
        .contains(words);
  }

  @Test
  void itComesAndGoesWithTheSpecAndIsWrittenOnce() {
    String name = "isolated";
    STAGE.create(HERE, name, MODEL + "networkPolicy: {}\n");
    STAGE.awaitReady(HERE, name);
    assertThat(policy(name).orElseThrow().getSpec().getIngress()).hasSize(1);
    Long generation = generation(name);

    STAGE.spec(
        HERE,
        name,
        MODEL + "monitoring: {serviceMonitor: {}}\nnetworkPolicy: {to: [{podSelector: {}}]}\n");
    Await.until(
        "Prometheus is let in",
        LivingOperator.SOON,
        () -> policy(name).filter(p -> p.getSpec().getIngress().size() == 2).isPresent());
    int rest = STAGE.awaitRest();
    STAGE.annotate(HERE, name, "foreign.example/looked-at", "again");
    STAGE.awaitRest();
    assertThat(STAGE.writesFrom(rest)).as("an apply that changes nothing").isEmpty();

    // A spec that cannot be rendered opens nothing, also where it asks for no policy.
    STAGE.spec(HERE, name, MODEL + INVALID);
    STAGE.await(HERE, name, "Ready", "False", "InvalidSpec");
    STAGE.awaitRest();
    assertThat(policy(name)).isPresent();

    STAGE.spec(HERE, name, MODEL);
    Await.until("it is gone", LivingOperator.SOON, () -> policy(name).isEmpty());
    STAGE.awaitReady(HERE, name);
    assertThat(generation(name)).as("no pod is restarted").isEqualTo(generation);
  }

  @Test
  void anAddressThatTheApiServerRefusesIsToldAndTakesNoPodsAway() {
    String name = "mistaken";
    STAGE.create(HERE, name, MODEL + "networkPolicy: {}\n");
    STAGE.awaitReady(HERE, name);

    STAGE.spec(HERE, name, MODEL + "networkPolicy: {from: [{ipBlock: {cidr: 300.0.0.0/8}}]}\n");

    assertThat(STAGE.await(HERE, name, "Ready", "False", "Invalid").message())
        .contains("NetworkPolicy mistaken", "300.0.0.0/8");
    assertThat(STAGE.condition(HERE, name, "Available").orElseThrow().status()).isEqualTo("True");
    assertThat(policy(name).orElseThrow().getSpec().getIngress().getFirst().getFrom())
        .as("the former one holds")
        .allMatch(peer -> peer.getIpBlock() == null);
  }

  @Test
  void onePolicyOfSomebodyElseStaysAndNoPodStartsBesideIt() {
    String name = "taken";
    NetworkPolicy theirs =
        STAGE
            .client()
            .resource(
                new NetworkPolicyBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(HERE.namespace())
                    .endMetadata()
                    .withNewSpec()
                    .withNewPodSelector()
                    .endPodSelector()
                    .withPolicyTypes(List.of("Ingress"))
                    .endSpec()
                    .build())
            .create();
    STAGE.create(HERE, name, MODEL + "networkPolicy: {}\n");

    assertThat(STAGE.await(HERE, name, "Ready", "False", "NameConflict").message())
        .contains("NetworkPolicy taken");
    assertThat(
            STAGE.client().apps().deployments().inNamespace(HERE.namespace()).withName(name).get())
        .isNull();

    STAGE.client().resource(theirs).delete();
    STAGE.awaitReady(HERE, name);
  }

  private static Optional<NetworkPolicy> policy(String name) {
    return Optional.ofNullable(
        STAGE
            .client()
            .network()
            .v1()
            .networkPolicies()
            .inNamespace(HERE.namespace())
            .withName(name)
            .get());
  }

  private static Long generation(String name) {
    return STAGE
        .client()
        .apps()
        .deployments()
        .inNamespace(HERE.namespace())
        .withName(name)
        .require()
        .getMetadata()
        .getGeneration();
  }
}
