package dev.modelserver.operator.revision;

import static dev.modelserver.operator.revision.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.desired.DesiredObjects;
import dev.modelserver.operator.desired.Labels;
import dev.modelserver.operator.observe.Observed;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.Resolver;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which signature a revision is compared with, and when breaking it is allowed. */
class BaselineTest {
  private static final ResolvedModelServer V1 = server("v1", "");
  private static final ResolvedModelServer V2 = server("v2", "");
  private static final ResolvedModelServer V2_ALLOWED =
      server("v2", "rollout: {signaturePolicy: Any}");
  private static final ResolvedModelServer V3 = server("v3", "");
  private static final String ONE = V1.workload().hash();
  private static final String TWO = V2.workload().hash();

  @Test
  void theFirstRevisionHasNone() {
    Revision first = plan(V1, List.of(), World.empty()).current();

    assertThat(first.baseline()).isEmpty();
    assertThat(first.mounted()).containsOnlyKeys("config.json");
    assertThat(plan(V2, List.of(first), World.empty()).current().baseline())
        .as("a revision that was never good is nothing to rely on")
        .isEmpty();
  }

  @Test
  void aRevisionIsMadeWithTheSignatureOfTheLastGoodOne() {
    RevisionPlan plan = plan(V2, good(V1, List.of(), "aa"), World.empty());

    assertThat(plan.current().baseline()).contains(new Baseline(ONE, "aa", "c2lnbmF0dXJl"));
    assertThat(configMap(V2, plan).getData().get("baseline.json"))
        .isEqualTo(
            "{\"revision\":\"%s\",\"signatureHash\":\"aa\",\"signature\":\"c2lnbmF0dXJl\"}\n"
                .formatted(ONE));
    assertThat(configMap(V2, plan).getMetadata().getName()).isEqualTo("iris-" + TWO);
    assertThat(V2.workload().hash()).as("it is no part of the hash").isEqualTo(TWO);
  }

  @Test
  void thePermissionIsOutsideTheHashAndLeavesTheBaselineOut() {
    assertThat(V2_ALLOWED.workload().hash()).isEqualTo(TWO);
    assertThat(plan(V2_ALLOWED, good(V1, List.of(), "aa"), World.empty()).current().baseline())
        .isEmpty();
  }

  @Test
  void aRefusedRevisionIsRolledBackAtOnceAndStaysSo() {
    RevisionPlan plan = refused(V2, good(V1, List.of(), "aa"));

    assertThat(plan.target().hash()).isEqualTo(ONE);
    assertThat(plan(V2, plan.kept(), seen(V1)).target().hash()).isEqualTo(ONE);
  }

  @Test
  void thePermissionTriesARefusedRevisionAgainWithoutABaseline() {
    List<Revision> history = refused(V2, good(V1, List.of(), "aa")).kept();

    RevisionPlan plan = plan(V2_ALLOWED, stored(history), seen(V1));

    assertThat(plan.target().hash()).isEqualTo(TWO);
    assertThat(plan.current().rolledBack()).isEmpty();
    assertThat(plan.current().baseline()).isEmpty();
    assertThat(configMap(V2_ALLOWED, plan).getData()).containsOnlyKeys("config.json");
    assertThat(configMap(V2_ALLOWED, plan).getMetadata().getName())
        .as("another ConfigMap, because the first one is immutable")
        .matches("iris-" + TWO + "-[0-9a-f]{8}");
    assertThat(mounted(DesiredObjects.of(V2_ALLOWED, plan).deployment().getSpec().getTemplate()))
        .isEqualTo(configMap(V2_ALLOWED, plan).getMetadata().getName());
  }

  @Test
  void aPodOfTheRefusedAttemptDoesNotCountAgainstTheNext() {
    List<Revision> history = refused(V2, good(V1, List.of(), "aa")).kept();
    RevisionPlan again = plan(V2_ALLOWED, history, seen(V1));
    PodTemplateSpec template =
        DesiredObjects.of(V2_ALLOWED, again).deployment().getSpec().getTemplate();
    var deployment = World.rolling(TWO, 3, "");
    deployment.getSpec().setTemplate(template);

    RevisionPlan next =
        plan(V2_ALLOWED, again.kept(), World.of(deployment, refusedPod("iris-" + TWO)));
    RevisionPlan failed =
        plan(V2_ALLOWED, again.kept(), World.of(deployment, refusedPod(mounted(template))));

    assertThat(next.cause()).isEmpty();
    assertThat(next.target().hash()).isEqualTo(TWO);
    assertThat(failed.cause()).as("one of this attempt does").isPresent();
  }

  @Test
  void takingThePermissionAwayChangesNothing() {
    List<Revision> refused = refused(V2, good(V1, List.of(), "aa")).kept();
    List<Revision> healthy = good(V2_ALLOWED, refused, "bb");

    for (ResolvedModelServer server : List.of(V2, V2_ALLOWED, V2)) {
      RevisionPlan plan = plan(server, stored(healthy), seen(V2));

      assertThat(plan.kept()).containsExactlyInAnyOrderElementsOf(healthy);
      assertThat(DesiredObjects.of(server, plan).deployment().getSpec().getTemplate())
          .isEqualTo(
              DesiredObjects.of(V2_ALLOWED, plan(V2_ALLOWED, healthy, seen(V2)))
                  .deployment()
                  .getSpec()
                  .getTemplate());
    }
  }

  @Test
  void givingAndTakingThePermissionChangesNothingOnAHealthyRevision() {
    List<Revision> healthy = good(V2, good(V1, List.of(), "aa"), "aa");

    RevisionPlan given = plan(V2_ALLOWED, healthy, seen(V2));
    RevisionPlan taken = plan(V2, given.kept(), seen(V2));

    assertThat(given.kept()).containsExactlyInAnyOrderElementsOf(healthy);
    assertThat(taken.kept()).containsExactlyInAnyOrderElementsOf(healthy);
    assertThat(given.current().baseline()).isPresent();
  }

  @Test
  void thePermissionDoesNotRetryWhatFailedForAnotherReason() {
    List<Revision> history =
        Plans.failing(V2, good(V1, List.of(), "aa"), "VerificationFailed", true).kept();

    assertThat(plan(V2_ALLOWED, history, seen(V1)).target().hash()).isEqualTo(ONE);
  }

  @Test
  void thePermissionLetsARevisionThroughThatNobodyRollsBack() {
    ResolvedModelServer manual = server("v2", "rollout: {rollbackPolicy: Never}");
    ResolvedModelServer allowed =
        server("v2", "rollout: {rollbackPolicy: Never, signaturePolicy: Any}");
    RevisionPlan stuck = refused(manual, good(V1, List.of(), "aa"));

    assertThat(stuck.target().hash()).isEqualTo(TWO);
    assertThat(
            plan(
                    allowed,
                    stuck.kept(),
                    World.of(World.rolling(TWO, 3, ""), refusedPod("iris-" + TWO)))
                .current()
                .baseline())
        .isEmpty();
  }

  @Test
  void aRefusedRevisionThatIsComeBackToIsComparedWithWhatIsGoodNow() {
    List<Revision> refused = refused(V2, good(V1, List.of(), "aa")).kept();
    ResolvedModelServer v3Allowed = server("v3", "rollout: {signaturePolicy: Any}");
    List<Revision> third = good(v3Allowed, refused, "bb");

    Revision back = plan(V2, stored(third), seen(V3)).current();

    assertThat(back.baseline().orElseThrow().signatureHash()).isEqualTo("bb");
    assertThat(back.attempt()).isPresent();
  }

  @Test
  void aRetryWithTheSameBaselineKeepsItsConfigMap() {
    List<Revision> refused = refused(V2, good(V1, List.of(), "aa")).kept();

    Revision retried = plan(retrying(), refused, seen(V1)).current();

    assertThat(retried.rolledBack()).isEmpty();
    assertThat(retried.attempt()).isEmpty();
    assertThat(retried.baseline().orElseThrow().signatureHash()).isEqualTo("aa");
  }

  @Test
  void aRevisionThatWasGoodKeepsWhatItWasMadeWith() {
    List<Revision> both =
        good(server("v2", "rollout: {signaturePolicy: Any}"), good(V1, List.of(), "aa"), "bb");

    Revision back = plan(V1, both, seen(V2)).current();

    assertThat(back.baseline()).isEmpty();
    assertThat(back.attempt()).isEmpty();
  }

  private static ResolvedModelServer server(String version, String more) {
    return Yaml.resolved("model: {uri: 'https://h/m', version: %s}\n%s".formatted(version, more));
  }

  private static ResolvedModelServer retrying() {
    ModelServer server = Yaml.modelServer("model: {uri: 'https://h/m', version: v2}");
    server.getMetadata().setAnnotations(Map.of(Resolver.RETRY, "again"));
    return Yaml.resolved(server);
  }

  private static List<Revision> good(
      ResolvedModelServer server, List<Revision> before, String signatureHash) {
    String hash = server.workload().hash();
    return plan(
            server,
            plan(server, before, World.empty()).kept(),
            World.of(World.complete(hash, 3), signed(hash, signatureHash)))
        .kept();
  }

  private static Observed seen(ResolvedModelServer server) {
    String hash = server.workload().hash();
    return World.of(World.complete(hash, 3), World.verified(hash, "ab12"));
  }

  private static RevisionPlan refused(ResolvedModelServer server, List<Revision> before) {
    return Plans.failing(server, before, "BreakingSignature", true);
  }

  private static Pod signed(String hash, String signatureHash) {
    return World.preflight(
        hash,
        0,
        "{\"contract\":1,\"outcome\":\"Succeeded\",\"reason\":\"ModelLoaded\",\"message\":\"loaded\",\"final\":false,\"sha256\":\"ab12\",\"signatureHash\":\"%s\",\"signature\":\"c2lnbmF0dXJl\"}"
            .formatted(signatureHash));
  }

  private static Pod refusedPod(String config) {
    Pod pod = World.refused(TWO, "BreakingSignature", true);
    pod.getSpec()
        .setVolumes(
            List.of(
                new VolumeBuilder()
                    .withName("config")
                    .withNewConfigMap()
                    .withName(config)
                    .endConfigMap()
                    .build()));
    return pod;
  }

  private static String mounted(PodTemplateSpec template) {
    return template.getSpec().getVolumes().stream()
        .filter(volume -> volume.getName().equals("config"))
        .map(volume -> volume.getConfigMap().getName())
        .findFirst()
        .orElseThrow();
  }

  private static ConfigMap configMap(ResolvedModelServer server, RevisionPlan plan) {
    return DesiredObjects.of(server, plan).before().stream()
        .filter(ConfigMap.class::isInstance)
        .map(ConfigMap.class::cast)
        .filter(map -> map.getData().containsKey("config.json"))
        .filter(map -> map.getMetadata().getName().contains(plan.current().hash()))
        .findFirst()
        .orElseThrow();
  }

  /** As a crashed operator finds it again. */
  private static List<Revision> stored(List<Revision> history) {
    return history.stream()
        .map(
            revision -> {
              var metadata = Labels.metadata(V1.owner(), "iris-" + revision.hash());
              metadata.getLabels().put(Labels.REVISION, revision.hash());
              return RevisionRecord.parse(RevisionRecord.of(revision, metadata));
            })
        .map(Optional::orElseThrow)
        .toList();
  }
}
