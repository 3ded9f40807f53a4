package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.OperatorInstall;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.Connections;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import dev.modelserver.e2e.monitoring.Dashboard;
import dev.modelserver.e2e.monitoring.Prometheus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each query of the dashboards that the chart installs, with the variables that Grafana would fill
 * in, returns at least one number: of a ModelServer with traffic, errors, an autoscaler, an
 * objective, a rollout and a rollback, beside one that the API server refuses.
 */
@ClusterTest
@Tag("monitoring")
class DashboardsIT {
  private static final Map<String, String> LABEL = Map.of("grafana_dashboard", "1");
  private static final Duration LIMIT = Duration.ofMinutes(6);
  private static final int PER_SECOND = 20;

  private static TestNamespace namespace;
  private static Prometheus prometheus;
  private static ModelServerClient iris;

  @BeforeAll
  static void createModelServers() {
    OperatorInstall.get().installMonitored();
    prometheus = Alarms.fromEnvironment().prometheus();
    namespace = TestNamespace.create(Cluster.get(), "dashboards");
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
    namespace.putModel(IrisModel.V1_1.configMap(), IrisModel.V1_1.bytes());
    iris = namespace.modelServer("iris");
    iris.create(MonitoredSpec.complete(IrisModel.V1_0));
    Map<String, Object> refused = IrisModel.V1_0.spec(1);
    refused.put("pod", Map.of("annotations", Map.of("not a key!", "x")));
    namespace.modelServer("refused").create(refused);
    iris.awaitReady();
  }

  @AfterAll
  static void deleteNamespace() {
    namespace.close();
    OperatorInstall.get().install();
  }

  @Test
  void everyQueryHasAnAnswer() {
    Map<String, String> unanswered = queries();
    int all = unanswered.size();
    try (OpenLoopLoad good = IrisModel.load(iris.predict(), PER_SECOND);
        OpenLoopLoad bad = badRequests()) {
      // An increase needs a value before it.
      awaitAnswers("modelserver_rollouts_total");
      awaitAnswers("modelserver_rollbacks_total");
      good.awaitMore(5 * PER_SECOND);
      iris.replaceSpec(MonitoredSpec.complete(IrisModel.V1_1));
      iris.awaitReady();
      Map<String, Object> wrong = MonitoredSpec.complete(IrisModel.V1_0);
      BadModel.model(wrong).put("sha256", "0".repeat(64));
      iris.replaceSpec(wrong);
      iris.await("rolled back", ModelServerClient.ROLLOUT, state -> state.is("RolledBack"));

      // Each once: those of annotations see a rollout for two minutes only.
      Awaitility.await("answers to all queries")
          .atMost(LIMIT)
          .pollInterval(Duration.ofSeconds(3))
          .untilAsserted(
              () -> {
                unanswered.values().removeIf(prometheus::answers);
                assertThat(unanswered).as("queries without an answer").isEmpty();
              });
      assertThat(good.stop().failures()).isEmpty();
      assertThat(bad.failed()).isPositive();
    } finally {
      Evidence.record(
          "dashboards.md",
          "Queries of the dashboards",
          "%d of %d answered; without an answer: %s"
              .formatted(all - unanswered.size(), all, unanswered));
    }
  }

  /** By dashboard and place, as Grafana sends them. */
  private static Map<String, String> queries() {
    Map<String, String> variables =
        Map.of(
            "$__rate_interval",
            "1m",
            "$__range",
            "3h",
            "$namespace",
            namespace.name(),
            "$modelserver",
            iris.name());
    Map<String, String> queries = new TreeMap<>();
    List<Dashboard> dashboards =
        Cluster.get()
            .client()
            .configMaps()
            .inNamespace(OperatorInstall.NAMESPACE)
            .withLabels(LABEL)
            .list()
            .getItems()
            .stream()
            .flatMap(map -> map.getData().values().stream())
            .map(Dashboard::parse)
            .toList();
    for (Dashboard dashboard : dashboards) {
      for (Dashboard.Query query : dashboard.queries()) {
        queries.put(dashboard.title() + ", " + query.place(), query.filled(variables));
      }
    }
    assertThat(dashboards)
        .extracting(Dashboard::title)
        .containsExactlyInAnyOrder("ModelServer", "ModelServers");
    assertThat(queries)
        .as("places are names")
        .hasSize(dashboards.stream().mapToInt(dashboard -> dashboard.queries().size()).sum());
    return queries;
  }

  /** Requests without features, which are answered with 400. */
  private static OpenLoopLoad badRequests() {
    return OpenLoopLoad.start(
        new OpenLoopLoad.Plan(
            iris.predict(),
            "{}",
            2,
            OpenLoopLoad.TIMEOUT,
            List.of(Connections.KEEP_ALIVE),
            _ -> Optional.of("the request was answered")));
  }

  private static void awaitAnswers(String metric) {
    String series =
        "%s{modelserver_namespace=\"%s\",modelserver=\"%s\"}"
            .formatted(metric, iris.namespace(), iris.name());
    Awaitility.await(series).atMost(LIMIT).until(() -> prometheus.answers(series));
  }
}
