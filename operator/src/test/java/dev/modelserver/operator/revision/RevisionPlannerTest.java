package dev.modelserver.operator.revision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.desired.Labels;
import dev.modelserver.operator.observe.Observed;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.Resolver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionPlannerTest {
  private static final ResolvedModelServer V1 = version("v1", "");
  private static final ResolvedModelServer V2 = version("v2", "");
  private static final ResolvedModelServer V2_RETRIED = version("v2", "again");
  private static final String ONE = V1.workload().hash();
  private static final String TWO = V2.workload().hash();

  @Test
  void rendersTheFirstRevisionAndTargetsIt() {
    RevisionPlan plan = plan(V1, List.of(), World.empty());

    assertThat(plan.current().number()).isEqualTo(1);
    assertThat(plan.target().hash()).isEqualTo(ONE);
    assertThat(plan.lastGood()).isEmpty();
    assertThat(plan.rolledBack()).isFalse();
  }

  @Test
  void isGoodOnceEveryPodIsOfItAndPreflightReported() {
    List<Revision> history = plan(V1, List.of(), World.empty()).kept();

    assertThat(plan(V1, history, World.of(World.complete(ONE, 3))).current().proven()).isFalse();
    RevisionPlan proven =
        plan(V1, history, World.of(World.complete(ONE, 3), World.verified(ONE, "ab12")));

    assertThat(proven.current().proven()).isTrue();
    assertThat(proven.lastGood()).contains(proven.current());
    assertThat(proven.current().pin()).contains("ab12");
  }

  @Test
  void isNotGoodWhileTheDeploymentIsAtAnotherRevision() {
    List<Revision> history = plan(V2, good(V1), World.empty()).kept();

    RevisionPlan plan =
        plan(V2, history, World.of(World.complete(ONE, 3), World.verified(TWO, "cd34")));

    assertThat(plan.current().proven()).isFalse();
  }

  @Test
  void nothingIsProvenByZeroPods() {
    List<Revision> history = plan(V1, List.of(), World.empty()).kept();

    RevisionPlan plan =
        plan(V1, history, World.of(World.complete(ONE, 0), World.verified(ONE, "ab12")));

    assertThat(plan.current().proven()).isFalse();
  }

  @Test
  void aStoredRevisionIsNeverRenderedAgain() {
    List<Revision> history = good(V1);

    RevisionPlan plan =
        RevisionPlanner.plan(
            V1,
            history,
            World.empty(),
            () -> {
              throw new AssertionError("rendered again");
            });

    assertThat(plan.target().template()).isEqualTo(history.getFirst().template());
  }

  @Test
  void rollsBackAtOnceForAFinalCause() {
    RevisionPlan plan = failing(V2, good(V1), "ChecksumMismatch", true);

    assertThat(plan.target().hash()).isEqualTo(ONE);
    assertThat(plan.current().rolledBack())
        .hasValueSatisfying(
            mark -> {
              assertThat(mark.to()).isEqualTo(ONE);
              assertThat(mark.reason()).isEqualTo("ChecksumMismatch");
              assertThat(mark.message()).isEqualTo("the words of preflight");
            });
  }

  @Test
  void waitsForTheDeadlineForAPassingCause() {
    assertThat(failing(V2, good(V1), "ModelNotFound", false).rolledBack()).isFalse();

    RevisionPlan overdue =
        plan(
            V2,
            plan(V2, good(V1), World.empty()).kept(),
            World.of(World.overdue(TWO, 3), World.refused(TWO, "ModelNotFound", false)));

    assertThat(overdue.target().hash()).isEqualTo(ONE);
    assertThat(overdue.current().rolledBack().orElseThrow().reason()).isEqualTo("ModelNotFound");
  }

  @Test
  void judgesItselfWhereTheDeploymentNoLongerDoes() {
    String doneAtZero =
        ", conditions: [{type: Progressing, status: 'True', reason: NewReplicaSetAvailable}]";
    List<Revision> history = plan(V2, good(V1), World.empty()).kept();
    Observed failing =
        World.of(World.rolling(TWO, 3, doneAtZero), World.refused(TWO, "ModelNotFound", false));
    ResolvedModelServer patient =
        Yaml.resolved("model: {uri: 'https://h/m', version: v2}\nrollout: {progressDeadline: 10m}");

    assertThat(plan(V2, history, failing).target().hash()).isEqualTo(ONE);
    assertThat(plan(patient, history, failing).rolledBack()).isFalse();
  }

  @Test
  void withoutAGoodRevisionItKeepsTrying() {
    RevisionPlan plan = failing(V1, List.of(), "ChecksumMismatch", true);

    assertThat(plan.rolledBack()).isFalse();
    assertThat(plan.cause().orElseThrow().reason()).isEqualTo("ChecksumMismatch");
  }

  @Test
  void aProvenRevisionIsNotRolledBackForALaterFailure() {
    List<Revision> both = good(V2, good(V1));

    RevisionPlan plan =
        plan(V2, both, World.of(World.overdue(TWO, 3), World.refused(TWO, "ModelNotFound", false)));

    assertThat(plan.rolledBack()).isFalse();
  }

  @Test
  void aRolledBackRevisionStaysSoWhateverTheClusterShows() {
    List<Revision> history = failing(V2, good(V1), "InvalidModel", true).kept();

    for (Observed seen :
        List.of(
            World.empty(),
            World.of(World.complete(ONE, 3), World.verified(ONE, "ab12")),
            World.of(World.rolling(TWO, 3, "")))) {
      assertThat(plan(V2, history, seen).target().hash()).isEqualTo(ONE);
    }
  }

  @Test
  void theRetryAnnotationTriesItAgain() {
    List<Revision> history = failing(V2, good(V1), "InvalidModel", true).kept();

    RevisionPlan retried =
        plan(V2_RETRIED, history, World.of(World.complete(ONE, 3), World.verified(ONE, "ab12")));

    assertThat(retried.target().hash()).isEqualTo(TWO);
    assertThat(retried.current().rolledBack()).isEmpty();
  }

  @Test
  void anotherFailureAfterTheRetryIsRememberedWithItsToken() {
    List<Revision> history = failing(V2, good(V1), "InvalidModel", true).kept();

    RevisionPlan again = failing(V2_RETRIED, history, "InvalidModel", true);
    RevisionPlan failedAgain =
        plan(
            V2_RETRIED,
            again.kept(),
            World.of(World.rolling(TWO, 3, ""), World.refused(TWO, "InvalidModel", true)));

    assertThat(failedAgain.target().hash()).isEqualTo(ONE);
    assertThat(failedAgain.current().rolledBack().orElseThrow().retryToken()).isEqualTo("again");
  }

  @Test
  void comingBackFromAnotherSpecTriesItAgain() {
    List<Revision> history = failing(V2, good(V1), "InvalidModel", true).kept();
    List<Revision> away = plan(V1, history, World.empty()).kept();

    RevisionPlan back = plan(V2, away, World.of(World.complete(ONE, 3)));

    assertThat(back.target().hash()).isEqualTo(TWO);
    assertThat(back.current().number()).isGreaterThan(2);
  }

  @Test
  void comingBackToAnEarlierGoodRevisionMustProveItselfAnew() {
    List<Revision> both = good(V2, good(V1));

    RevisionPlan back = plan(V1, both, World.of(World.complete(TWO, 3)));
    RevisionPlan failed =
        plan(
            V1,
            back.kept(),
            World.of(World.rolling(ONE, 3, ""), World.refused(ONE, "ChecksumMismatch", true)));

    assertThat(back.current().proven()).isFalse();
    assertThat(back.lastGood().orElseThrow().hash()).isEqualTo(TWO);
    assertThat(failed.target().hash()).isEqualTo(TWO);
  }

  @Test
  void autoRollbackCanBeSwitchedOff() {
    ResolvedModelServer manual =
        Yaml.resolved("model: {uri: 'https://h/m', version: v2}\nrollout: {autoRollback: false}");

    assertThat(failing(manual, good(V1), "InvalidModel", true).rolledBack()).isFalse();
  }

  @Test
  void keepsTheHistoryLimitButNeverDropsTheLastGood() {
    List<Revision> history = good(V1);
    for (int i = 0; i < 5; i++) {
      history = plan(limited("bad" + i), history, World.empty()).kept();
    }

    RevisionPlan plan = plan(limited("bad5"), history, World.empty());

    assertThat(plan.kept()).hasSize(4).anyMatch(r -> r.hash().equals(ONE));
    assertThat(plan.dropped()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}", "abc", "[]", "-1", "99999999999999999999"})
  void anEditedAnnotationIsObservedAnew(String text) {
    Revision revision = failing(V2, good(V1), "InvalidModel", true).current();
    var metadata = Labels.metadata(V1.owner(), "iris-" + revision.hash());
    metadata.getLabels().put(Labels.REVISION, revision.hash());
    var stored = RevisionRecord.of(revision, metadata);
    stored.getMetadata().getAnnotations().replaceAll((key, value) -> text);
    stored.getMetadata().getAnnotations().put("modelserver.dev/proven-at", text);
    stored.getMetadata().getAnnotations().put("modelserver.dev/preflight", text);

    Revision read = RevisionRecord.parse(stored).orElseThrow();

    assertThat(read.provenAt()).isZero();
    assertThat(read.rolledBack()).isEmpty();
    assertThat(read.report()).isEmpty();
    assertThat(read.template()).isEqualTo(revision.template());
  }

  @Test
  void survivesItsOwnRecord() {
    List<Revision> history = failing(V2, good(V1), "InvalidModel", true).kept();

    List<Revision> read =
        history.stream()
            .map(
                r -> {
                  var metadata = Labels.metadata(V1.owner(), "iris-" + r.hash());
                  metadata.getLabels().put(Labels.REVISION, r.hash());
                  return RevisionRecord.of(r, metadata);
                })
            .map(Yaml::write)
            .map(y -> Yaml.read(io.fabric8.kubernetes.api.model.apps.ControllerRevision.class, y))
            .map(RevisionRecord::parse)
            .map(Optional::orElseThrow)
            .toList();

    assertThat(read).isEqualTo(history);
  }

  private static ResolvedModelServer limited(String version) {
    return Yaml.resolved(
        "model: {uri: 'https://h/m', version: %s}\nrollout: {revisionHistoryLimit: 2}"
            .formatted(version));
  }

  private static ResolvedModelServer version(String version, String retry) {
    ModelServer server =
        Yaml.modelServer("model: {uri: 'https://h/m', version: %s}".formatted(version));
    server.getMetadata().setAnnotations(Map.of(Resolver.RETRY, retry));
    return Yaml.resolved(server);
  }

  private static RevisionPlan plan(
      ResolvedModelServer server, List<Revision> history, Observed observed) {
    return RevisionPlanner.plan(server, history, observed, () -> Yaml.rendered(server));
  }

  private static List<Revision> good(ResolvedModelServer server) {
    return good(server, List.of());
  }

  private static List<Revision> good(ResolvedModelServer server, List<Revision> before) {
    String hash = server.workload().hash();
    return plan(
            server,
            plan(server, before, World.empty()).kept(),
            World.of(World.complete(hash, 3), World.verified(hash, "ab12")))
        .kept();
  }

  private static RevisionPlan failing(
      ResolvedModelServer server, List<Revision> history, String reason, boolean isFinal) {
    String hash = server.workload().hash();
    return plan(
        server,
        plan(server, history, World.empty()).kept(),
        World.of(World.rolling(hash, 3, ""), World.refused(hash, reason, isFinal)));
  }
}
