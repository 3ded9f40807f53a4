package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The definition of an optional kind is absent, installed, removed and installed again while the
 * operator runs, which may not watch definitions.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OptionalKindIT {
  private static final String NAMESPACE = "optional";
  private static final String MONITORS = "servicemonitors";
  private static final String RULES = "prometheusrules";

  /** Long, so that what comes sooner cannot come from it. */
  private static final Duration RESYNC = Duration.ofSeconds(30);

  private static final Duration LIMIT = RESYNC.plusSeconds(20);
  private static final Duration AT_ONCE = Duration.ofSeconds(10);

  private ControlPlane plane;
  private SimulatedNode node;
  private FaultProxy proxy;
  private OperatorProcess operator;
  private Stage stage;

  @BeforeAll
  void start() {
    plane = ControlPlane.start();
    node = SimulatedNode.start(client());
    proxy = FaultProxy.start(plane);
    stage = Stage.create(client(), NAMESPACE);
    operator =
        OperatorProcess.start(
            proxy.url(),
            NAMESPACE,
            Map.of("MODELSERVER_RESYNC", RESYNC.toSeconds() + "s"),
            OperatorProcess.Archive.make(proxy.url()));
    operator.awaitStarted();
  }

  @AfterAll
  void stop() {
    operator.close();
    proxy.close();
    node.close();
    plane.close();
  }

  @Test
  @Order(1)
  void absent() {
    stage.create(
        """
        model: {configMap: {name: iris-model, key: model.onnx}}
        monitoring: {serviceMonitor: {interval: 15s}}
        """);
    stage.awaitTrue("Ready");

    await("False", "ServiceMonitorKindMissing");
    assertThat(stage.isTrue("Ready")).isTrue();
  }

  @Test
  @Order(2)
  void installed() {
    install();

    await("True", "ServiceMonitorApplied");
    assertThat(monitor().require().at("/spec/endpoints/0/interval").asText()).isEqualTo("15s");
    assertThat(stage.isTrue("Ready")).isTrue();
  }

  @Test
  @Order(3)
  void driftIsRepairedAtOnce() {
    List<UnaryOperator<JsonNode>> edits =
        List.of(
            seen -> with(seen, "/spec/endpoints/0", "interval", "1h"),
            seen -> with(seen, "/spec/selector/matchLabels", "modelserver.dev/name", "other"),
            // Without it, it is gone from every cache.
            seen -> with(seen, "/metadata/labels", "app.kubernetes.io/managed-by", "somebody"),
            seen -> without(seen, "/metadata", "labels"),
            seen -> without(seen, "/metadata", "ownerReferences"),
            seen -> without(seen, "", "spec"));
    JsonNode whole = ours(monitor().require());
    for (UnaryOperator<JsonNode> edit : edits) {
      assertThat(monitor().replace(edit)).isEmpty();
      Await.until("an edit is undone", AT_ONCE, () -> ours(monitor().require()).equals(whole));
    }

    for (int round = 0; round < 2; round++) {
      String uid = monitor().require().at("/metadata/uid").asText();
      monitor().delete();
      Await.until(
          "a ServiceMonitor that was deleted is made anew",
          AT_ONCE,
          () ->
              monitor()
                  .read()
                  .filter(now -> !now.at("/metadata/uid").asText().equals(uid))
                  .filter(now -> ours(now).equals(whole))
                  .isPresent());
    }
  }

  @Test
  @Order(4)
  void removed() {
    remove();

    await("False", "ServiceMonitorKindMissing");
    assertThat(stage.isTrue("Ready")).isTrue();
    assertThat(operator.metric("modelserver_informers_stopped")).isEqualTo("0.0");
    assertThat(operator.live()).isTrue();
    assertThat(operator.alive()).isTrue();
  }

  @Test
  @Order(5)
  void installedAgain() {
    install();

    await("True", "ServiceMonitorApplied");
    JsonNode whole = ours(monitor().require());
    monitor().delete();
    Await.until(
        "it is watched again",
        AT_ONCE,
        () -> monitor().read().filter(now -> ours(now).equals(whole)).isPresent());
  }

  @Test
  @Order(6)
  void noLongerWanted() {
    stage.patch("{'spec':{'monitoring':null}}");
    Await.until("it is gone", AT_ONCE, () -> monitor().read().isEmpty());
    Await.until("nothing is said of it", AT_ONCE, () -> condition().isEmpty());

    stage.patch("{'spec':{'monitoring':{'serviceMonitor':{'interval':'15s'}}}}");
    await("True", "ServiceMonitorApplied");
  }

  /** Of two kinds each may be missing; the condition tells of both. */
  @Test
  @Order(7)
  void rulesBesideTheServiceMonitor() {
    stage.patch("{'spec':{'monitoring':{'serviceMonitor':{},'alerts':{}}}}");
    await("False", "PrometheusRuleKindMissing");
    assertThat(monitor().read()).isPresent();

    install(RULES);
    await("True", "MonitoringApplied");
    JsonNode whole = ours(rule().require());
    assertThat(rule().replace(seen -> without(seen, "/spec", "groups"))).isEmpty();
    Await.until("an edit is undone", AT_ONCE, () -> ours(rule().require()).equals(whole));
    rule().delete();
    Await.until(
        "it is made anew",
        AT_ONCE,
        () -> rule().read().filter(now -> ours(now).equals(whole)).isPresent());

    stage.patch("{'spec':{'monitoring':{'serviceMonitor':null}}}");
    await("True", "PrometheusRuleApplied");
    remove(RULES);
    await("False", "PrometheusRuleKindMissing");
    assertThat(stage.isTrue("Ready")).isTrue();
    assertThat(operator.metric("modelserver_informers_stopped")).isEqualTo("0.0");
    stage.patch("{'spec':{'monitoring':{'serviceMonitor':{'interval':'15s'},'alerts':null}}}");
    await("True", "ServiceMonitorApplied");
  }

  /** As with the role of an older chart: it is made and deleted, and nothing else suffers. */
  @Test
  @Order(8)
  void withoutTheRightToList() {
    client()
        .rbac()
        .clusterRoles()
        .withName(ChartRules.NAME)
        .edit(
            role -> {
              role.getRules().stream()
                  .filter(rule -> rule.getResources().contains("servicemonitors"))
                  .forEach(rule -> rule.setVerbs(List.of("get", "create", "patch", "delete")));
              return role;
            });
    remove();
    await("False", "ServiceMonitorKindMissing");
    install();

    await("True", "ServiceMonitorApplied");
    assertThat(monitor().require().at("/spec/endpoints/0/interval").asText()).isEqualTo("15s");
    stage.scale(2);
    stage.awaitTrue("Ready");
    stage.patch("{'spec':{'monitoring':null}}");
    Await.until("it is gone", AT_ONCE, () -> monitor().read().isEmpty());
    assertThat(operator.metric("modelserver_informers_stopped")).isEqualTo("0.0");
    assertThat(operator.live()).isTrue();
  }

  private KubernetesClient client() {
    return plane.client();
  }

  private static HasMetadata definition(KubernetesClient client, String plural) {
    return client
        .load(OptionalKindIT.class.getResourceAsStream(plural + ".yaml"))
        .items()
        .getFirst();
  }

  private void install() {
    install(MONITORS);
  }

  private void install(String plural) {
    client().resource(definition(client(), plural)).create();
    Await.until(
        plural + " are served",
        LIMIT,
        () ->
            client()
                .supports(
                    "monitoring.coreos.com/v1",
                    plural.equals(RULES) ? "PrometheusRule" : "ServiceMonitor"));
  }

  private void remove() {
    remove(MONITORS);
  }

  private void remove(String plural) {
    String name = definition(client(), plural).getMetadata().getName();
    var stored = client().resources(CustomResourceDefinition.class).withName(name);
    stored.delete();
    Await.until("the definition is gone", LIMIT, () -> stored.get() == null);
  }

  private StoredObject monitor() {
    return new StoredObject(
        client(),
        "ServiceMonitor",
        "/apis/monitoring.coreos.com/v1/namespaces/%s/servicemonitors/%s"
            .formatted(NAMESPACE, Stage.NAME));
  }

  private StoredObject rule() {
    return new StoredObject(
        client(),
        "PrometheusRule",
        "/apis/monitoring.coreos.com/v1/namespaces/%s/prometheusrules/%s"
            .formatted(NAMESPACE, Stage.NAME));
  }

  private Optional<Condition> condition() {
    return stage
        .find()
        .flatMap(server -> Conditions.find(Conditions.of(server.getStatus()), "Monitoring"));
  }

  private void await(String status, String reason) {
    long start = System.nanoTime();
    Await.until(
        "Monitoring=%s/%s".formatted(status, reason),
        LIMIT,
        () ->
            condition()
                .filter(c -> c.status().equals(status) && c.reason().equals(reason))
                .isPresent());
    System.out.printf(
        "Monitoring=%s/%s after %.1f s%n", status, reason, (System.nanoTime() - start) / 1e9);
  }

  /** What the operator wrote. */
  private static JsonNode ours(JsonNode object) {
    ObjectNode ours = object.deepCopy();
    ObjectNode metadata = (ObjectNode) ours.path("metadata");
    metadata.retain("name", "labels", "ownerReferences");
    return ours;
  }

  private static JsonNode with(JsonNode object, String place, String field, String value) {
    JsonNode copy = object.deepCopy();
    ((ObjectNode) copy.at(place)).put(field, value);
    return copy;
  }

  private static JsonNode without(JsonNode object, String place, String field) {
    JsonNode copy = object.deepCopy();
    ((ObjectNode) copy.at(place)).remove(field);
    return copy;
  }
}
