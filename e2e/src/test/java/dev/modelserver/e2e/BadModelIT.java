package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.ModelServerState;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import dev.modelserver.e2e.model.ModelHost;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A ModelServer that serves, and a new spec that cannot work: the status must say why, in the
 * original words, within ten seconds of the cause being visible; the old revision must be put back;
 * and no call may fail meanwhile.
 */
@ClusterTest
class BadModelIT {
  private static final Duration STATUS_LIMIT = Duration.ofSeconds(10);
  private static final Duration CAUSE_LIMIT = Duration.ofSeconds(60);
  private static final Duration ROLLBACK_LIMIT = Duration.ofSeconds(75);
  private static final Duration PROGRESS_DEADLINE = Duration.ofSeconds(20);
  private static final BadModelTable TABLE = new BadModelTable();

  private static ModelHost host;

  @BeforeAll
  static void startHost() throws IOException {
    host = ModelHost.start(Cluster.get());
  }

  @AfterAll
  static void reportAndStopHost() {
    TABLE.record();
    host.close();
  }

  static List<BadModel> badModels() {
    return BadModel.all();
  }

  @Execution(
      ExecutionMode
          .CONCURRENT) // the rows, not this class beside another: all classes share the one
  // operator
  @ParameterizedTest
  @MethodSource("badModels")
  void isExplainedRolledBackAndRepaired(BadModel bad) {
    try (TestNamespace namespace = TestNamespace.create(Cluster.get(), "bad-model")) {
      namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
      ModelServerClient iris = namespace.modelServer("iris");
      iris.create(BadModel.goodSpec());
      iris.awaitReady();
      String good = iris.deployedRevision();
      OpenLoopLoad load = IrisModel.load(iris.predict(), 20);
      BadModelTable.Row row;
      try {
        row = play(bad, namespace, iris, good);
      } finally {
        load.stop();
      }
      LoadResult result = load.stop();
      TABLE.add(row.withCalls(result));

      assertThat(row.untilStatus())
          .as("from the visible cause to the status")
          .isLessThanOrEqualTo(STATUS_LIMIT);
      if (bad.isFinal()) {
        assertThat(row.untilRollback())
            .as("a final cause is rolled back at once")
            .isLessThan(PROGRESS_DEADLINE);
      } else {
        assertThat(row.untilRollback())
            .as("other causes are rolled back at the progress deadline")
            .isGreaterThan(PROGRESS_DEADLINE.minusSeconds(2));
      }
      assertThat(result.failures()).as(result.toString()).isEmpty();
      assertThat(result.byDigest().keySet())
          .as("only the good revision answers")
          .containsExactly(IrisModel.V1_0.digest());
    }
  }

  private static BadModelTable.Row play(
      BadModel bad, TestNamespace namespace, ModelServerClient iris, String good) {
    VisibleCauses causes = new VisibleCauses(iris, good);
    AtomicReference<Instant> told = new AtomicReference<>();
    Map<String, Object> spec = BadModel.goodSpec();
    bad.spoil().spoil(new BadModel.Place(namespace, host), spec);
    Instant patched = Instant.now();
    iris.replaceSpec(spec);

    iris.await(
        "a status that tells " + bad.reasons(),
        CAUSE_LIMIT,
        state -> {
          causes.look();
          return tells(bad, state, told);
        });
    ModelServerState rolledBack =
        iris.await(
            "rolled back",
            ROLLBACK_LIMIT,
            state -> {
              causes.look();
              return state.is("RolledBack");
            });
    Instant back = Instant.now();
    assertRolledBack(bad, rolledBack, causes);
    assertThat(iris.deployedRevision()).as("revision of the Deployment").isEqualTo(good);

    Instant repaired = Instant.now();
    namespace.cluster().client().resourceQuotas().inNamespace(namespace.name()).delete();
    iris.replaceSpec(BadModel.goodSpec());
    ModelServerState ready = iris.awaitReady();
    assertThat(ready.condition("RolledBack")).as("RolledBack after the repair").isEmpty();
    assertThat(ready.condition("Stalled")).as("Stalled after the repair").isEmpty();

    Instant visible = causes.first().orElse(patched);
    return new BadModelTable.Row(
        bad.name(),
        rolledBack.condition("RolledBack").orElseThrow().message(),
        Duration.between(patched, visible),
        positive(Duration.between(visible, told.get())),
        Duration.between(patched, back),
        Duration.between(repaired, Instant.now()));
  }

  private static boolean tells(
      BadModel bad, ModelServerState state, AtomicReference<Instant> told) {
    boolean tells = bad.reasons().stream().anyMatch(state::tells);
    if (tells) {
      told.compareAndSet(null, Instant.now());
    }
    return tells;
  }

  private static void assertRolledBack(BadModel bad, ModelServerState state, VisibleCauses causes) {
    assertThat(state.condition("Ready"))
        .hasValueSatisfying(
            ready -> {
              assertThat(ready.status()).isEqualTo("False");
              assertThat(ready.reason()).isEqualTo("RolledBack");
              assertThat(ready.observedGeneration()).isEqualTo(state.generation());
            });
    String message = state.condition("RolledBack").orElseThrow().message();
    assertThat(bad.reasons()).as("reason in: " + message).anyMatch(message::contains);
    assertThat(causes.words())
        .as("original words in: " + message)
        .anyMatch(words -> message.contains(words.substring(0, Math.min(60, words.length()))));
    assertThat(state.is("Available")).as("Available").isTrue();
    assertThat(state.is("Stalled")).as("Stalled").isTrue();
  }

  /** The test may have looked at the status before it looked at the pods. */
  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
