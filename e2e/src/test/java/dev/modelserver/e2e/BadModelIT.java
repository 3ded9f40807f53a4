package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import dev.modelserver.e2e.model.ModelHost;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A ModelServer that serves, and a new spec that cannot work: the status must say why, in the
 * original words, within ten seconds of the cause being visible; the old revision must go on
 * serving and no call may fail; the old spec restored must lead to the same state as before, and
 * another good spec, straight from the bad one, must work too.
 */
@ClusterTest
class BadModelIT {
  private static final Duration STATUS_LIMIT = Duration.ofSeconds(10);
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
  void isExplainedAndRecoveredFrom(BadModel bad) {
    try (TestNamespace namespace = TestNamespace.create(Cluster.get(), "bad-model")) {
      ModelServerClient iris = serving(namespace);
      OpenLoopLoad load = IrisModel.load(iris.predict(), 20);
      BadModelTable.Row row;
      try {
        row = new BadModelPlay(bad, new BadModel.Place(namespace, host), iris).run();
      } finally {
        load.stop();
        Admissions.remove(namespace);
      }
      LoadResult result = load.stop();
      TABLE.add(row.withCalls(result));

      assertThat(row.untilStatus())
          .as("from the visible cause to the status")
          .isLessThanOrEqualTo(STATUS_LIMIT);
      assertThat(result.failures()).as(result.toString()).isEmpty();
      assertThat(result.byDigest().keySet())
          .as("only the good revisions answer")
          .isSubsetOf(IrisModel.V1_0.digest(), IrisModel.V1_1.digest());
    }
  }

  /** What the API server refuses changes nothing: it is told at once, by kubectl. */
  @Test
  void isRefusedAtOnce() {
    try (TestNamespace namespace = TestNamespace.create(Cluster.get(), "bad-field")) {
      ModelServerClient iris = serving(namespace);
      OwnedState before = OwnedState.of(namespace, iris, iris.deployedRevision());
      OpenLoopLoad load = IrisModel.load(iris.predict(), 20);
      List<BadModelTable.Row> rows;
      try {
        rows = BadFields.all().stream().map(bad -> bad.refusal(iris)).toList();
      } finally {
        load.stop();
      }
      LoadResult result = load.stop();
      rows.forEach(row -> TABLE.add(row.withCalls(result)));

      assertThat(result.failures()).as(result.toString()).isEmpty();
      assertThat(OwnedState.of(namespace, iris, iris.deployedRevision())).isEqualTo(before);
    }
  }

  private static ModelServerClient serving(TestNamespace namespace) {
    for (IrisModel model : IrisModel.values()) {
      namespace.putModel(model.configMap(), model.bytes());
    }
    ModelServerClient iris = namespace.modelServer("iris");
    iris.create(BadModel.goodSpec());
    iris.awaitReady();
    return iris;
  }
}
