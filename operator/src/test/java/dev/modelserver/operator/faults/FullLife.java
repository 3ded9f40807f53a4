package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;

/** A life of a ModelServer in which the operator does everything that it can do. */
record FullLife(Stage stage, FaultProxy proxy, OperatorProcess operator) {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String MONITOR =
      "/apis/monitoring.coreos.com/v1/namespaces/%s/servicemonitors/" + Stage.NAME;
  private static final String RULE =
      "/apis/monitoring.coreos.com/v1/namespaces/%s/prometheusrules/" + Stage.NAME;
  private static final String AUTOSCALER =
      "/apis/autoscaling/v2/namespaces/%s/horizontalpodautoscalers/" + Stage.NAME;
  private static final String POLICY =
      "/apis/networking.k8s.io/v1/namespaces/%s/networkpolicies/" + Stage.NAME;
  private static final String BUDGET =
      "/apis/policy/v1/namespaces/%s/poddisruptionbudgets/" + Stage.NAME;
  private static final String INGRESS =
      "/apis/networking.k8s.io/v1/namespaces/%s/ingresses/" + Stage.NAME;
  private static final String HTTP_ROUTE =
      "/apis/gateway.networking.k8s.io/v1/namespaces/%s/httproutes/" + Stage.NAME;
  private static final String GRPC_ROUTE =
      "/apis/gateway.networking.k8s.io/v1/namespaces/%s/grpcroutes/" + Stage.NAME + "-grpc";

  private static final String TLS_POLICY =
      "/apis/gateway.networking.k8s.io/v1/namespaces/%s/backendtlspolicies/" + Stage.NAME;

  void live() {
    stage.create(
        """
        model: {configMap: {name: first-model, key: model.onnx}, version: first}
        server: {tls: {secretName: iris-tls, mode: Permissive, caConfigMap: {name: iris-ca, key: ca.crt}}}
        rollout: {revisionHistoryLimit: 1}
        autoscaling: {minReplicas: 2, maxReplicas: 3}
        monitoring: {serviceMonitor: {}, alerts: {}}
        ingress: {hosts: [iris.example.com]}
        gateway: {parentRefs: [{name: edge}], hostnames: [iris.example.com], grpc: {hostnames: [grpc.example.com]}}
        networkPolicy: {}
        """);
    stage.awaitTrue("Ready");
    stage.awaitTrue("Monitoring");
    for (String made : List.of(INGRESS, HTTP_ROUTE, GRPC_ROUTE, TLS_POLICY)) {
      String uri = made.formatted(stage.namespace());
      Await.until(uri + " is there", LIMIT, () -> stage.client().raw(uri) != null);
    }
    orphan();
    stage.patch(
        "{'spec':{'autoscaling':null,'monitoring':null,'ingress':null,'gateway':null,'networkPolicy':null,'replicas':2,'disruption':{'enabled':false}}}");
    for (String gone :
        List.of(
            MONITOR,
            RULE,
            AUTOSCALER,
            BUDGET,
            INGRESS,
            HTTP_ROUTE,
            GRPC_ROUTE,
            TLS_POLICY,
            POLICY)) {
      String uri = gone.formatted(stage.namespace());
      Await.until(uri + " is gone", LIMIT, () -> stage.client().raw(uri) == null);
    }
    model("second");
    stage.awaitTrue("Ready");
    model("third");
    stage.awaitTrue("Ready");
    loseTheEndOfAPod();
    model("corrupt");
    stage.awaitTrue("RolledBack");
    pause("'true'");
    Await.until("paused", LIMIT, () -> stage.isTrue("ReconciliationPaused"));
    pause("null");
    Await.until("resumed", LIMIT, () -> !stage.isTrue("ReconciliationPaused"));
    stage.delete();
    Await.until("deleted", LIMIT, () -> stage.find().isEmpty());
  }

  private void model(String name) {
    stage.patch(
        "{'spec':{'model':{'configMap':{'name':'%1$s-model','key':'model.onnx'},'version':'%1$s'}}}"
            .formatted(name));
  }

  private void pause(String value) {
    stage.patch(
        "{'metadata':{'annotations':{'modelserver.dev/pause-reconciliation':%s}}}"
            .formatted(value));
  }

  /** Whoever changes an owner must be allowed to delete, where that is enforced. */
  private void orphan() {
    List<StoredObject> all = StoredObject.managed(stage.client(), stage.namespace());
    all.forEach(object -> assertThat(object.replace(FullLife::withoutOwner)).isEmpty());
    Await.until(
        "all are adopted again",
        LIMIT,
        () -> all.stream().allMatch(o -> o.require().at("/metadata/ownerReferences").size() == 1));
  }

  private static JsonNode withoutOwner(JsonNode object) {
    JsonNode copy = object.deepCopy();
    ((ObjectNode) copy.path("metadata")).remove("ownerReferences");
    return copy;
  }

  /** The comparison of the caches finds it, and the operator starts anew. */
  private void loseTheEndOfAPod() {
    proxy.interfere(
        new Interference() {
          @Override
          public Delivery deliver(WatchEvent event) {
            boolean end =
                event.resource().equals("pods") && event.json().startsWith("{\"type\":\"DELETED\"");
            return end ? Delivery.NEVER : Delivery.ONCE;
          }
        });
    stage.scale(1);
    Await.until("the operator misses the end of a pod", LIMIT, () -> !operator.alive());
    proxy.interfere(Interference.NONE);
    operator.restartIfEnded();
    operator.awaitStarted();
    stage.awaitTrue("Ready");
  }
}
