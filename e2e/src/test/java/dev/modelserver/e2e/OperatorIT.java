package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.OperatorInstall;
import dev.modelserver.e2e.cluster.Repository;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator can be restarted, upgraded and rolled back: no model notices. At rest it writes
 * nothing.
 */
@ClusterTest
class OperatorIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int RESTARTS = Integer.getInteger("operator.restarts", 10);
  private static final StringBuilder ACCOUNT = new StringBuilder();

  private static TestNamespace namespace;
  private static ModelServerClient fixed;
  private static ModelServerClient autoscaled;

  private final OperatorInstall operator = OperatorInstall.get();
  private RunningPods before;
  private OpenLoopLoad load;

  @BeforeAll
  static void createModelServers() {
    namespace = TestNamespace.create(Cluster.get(), "operator");
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
    fixed = namespace.modelServer("iris");
    fixed.create(IrisModel.V1_0.spec(2));
    autoscaled = namespace.modelServer("autoscaled");
    Map<String, Object> spec = IrisModel.V1_0.spec(1);
    // A target that the load cannot reach: the number of pods must not change for another reason.
    spec.put("autoscaling", Map.of("minReplicas", 1, "maxReplicas", 2, "cpuUtilization", 1000));
    autoscaled.create(spec);
  }

  @AfterAll
  static void deleteNamespace() {
    namespace.close();
    Evidence.record(
        "operator.md", "Operator restarted, upgraded, rolled back and at rest", ACCOUNT.toString());
  }

  @BeforeEach
  void rememberAndStartLoad() {
    operator.install();
    fixed.awaitReady();
    autoscaled.awaitReady();
    fixed.awaitReadyPods(2);
    autoscaled.awaitReadyPods(1);
    before = RunningPods.of(namespace);
    load = IrisModel.load(fixed.predict(), 20);
  }

  @AfterEach
  void stopLoad() {
    load.stop();
  }

  @Test
  void restartsChangeNothing(TestInfo test) {
    for (int i = 0; i < RESTARTS; i++) {
      operator.restart();
    }
    awaitActing();

    assertNothingChanged(test);
  }

  @Test
  void anUpgradeAndItsRollbackChangeNoPodAndTellOfTheNewerServerImage(
      TestInfo test, @TempDir Path folder) {
    operator.upgrade(chartOfVersion("9.9.9", folder), Map.of("image.server.tag", "newer"));
    awaitActing();

    for (ModelServerClient each : List.of(fixed, autoscaled)) {
      assertThat(
              each.await(
                      "it knows of a newer image",
                      SOON,
                      state -> !state.status("/newerServerImage").isEmpty())
                  .status("/newerServerImage"))
          .endsWith(":newer");
    }

    operator.rollback();
    awaitActing();
    for (ModelServerClient each : List.of(fixed, autoscaled)) {
      each.await(
          "it knows of no newer image",
          SOON,
          state -> state.status("/newerServerImage").isEmpty() && state.isReady());
    }
    assertThat(operator.deployment().getMetadata().getLabels())
        .as("the operator is of the earlier chart")
        .doesNotContainValue("9.9.9");
    assertNothingChanged(test);
  }

  @Test
  void atRestItWritesNothingButItsLease() {
    load.stop();
    Duration quiet = Cluster.get().settings().quiet();
    OperatorWrites writes =
        Cluster.get()
            .settings()
            .auditLog()
            .map(OperatorWrites::audited)
            .orElseGet(() -> OperatorWrites.managed(namespace));
    // New pods have no metrics at first, and the status changes when they get some.
    autoscaled.await("its autoscaler has metrics", SOON, state -> state.is("ScalingActive"));
    Awaitility.await("the operator comes to rest")
        .atMost(Duration.ofMinutes(2))
        .until(() -> writes.since(Instant.now().minusSeconds(10)).isEmpty());

    Instant since = Instant.now();
    Awaitility.await("no write for " + quiet)
        .during(quiet)
        .atMost(quiet.plusSeconds(30))
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() -> assertThat(writes.since(since)).isEmpty());

    ACCOUNT.append("at rest for ").append(quiet.toSeconds()).append(" s: 0 writes but its Lease\n");
    awaitActing();
    Awaitility.await("what it does now is seen: the count can see writes")
        .atMost(SOON)
        .untilAsserted(() -> assertThat(writes.since(since)).isNotEmpty());
  }

  private void assertNothingChanged(TestInfo test) {
    LoadResult result = load.stop();
    ACCOUNT.append(test.getDisplayName()).append(": calls ").append(result).append('\n');
    assertThat(RunningPods.of(namespace)).isEqualTo(before);
    assertThat(result.failures()).as(result.toString()).isEmpty();
    ACCOUNT
        .append("  0 pod restarts, 0 changed Deployments of ")
        .append(before.deployments().size())
        .append('\n');
  }

  /**
   * Waits until the operator that runs now has acted on both ModelServers; the change itself
   * concerns no pod.
   */
  private void awaitActing() {
    for (ModelServerClient each : List.of(fixed, autoscaled)) {
      int allowed = each.allowedDisruptions() + 1;
      each.merge(Map.of("spec", Map.of("disruption", Map.of("maxUnavailable", allowed))));
      Awaitility.await("the operator acts on " + each.name())
          .atMost(SOON)
          .until(() -> each.allowedDisruptions() == allowed);
    }
  }

  /** A copy of the chart that calls itself another version. */
  private static Path chartOfVersion(String version, Path folder) {
    Path source = Repository.path("helm");
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(source.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
      Path chart = folder.resolve("Chart.yaml");
      Files.writeString(
          chart,
          Files.readString(chart).replaceAll("(?m)^(version|appVersion): .*$", "$1: " + version));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
