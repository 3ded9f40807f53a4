package dev.modelserver.operator.api.v1alpha1;

import static dev.modelserver.operator.api.v1alpha1.GeneratedCrd.at;
import static dev.modelserver.operator.api.v1alpha1.GeneratedCrd.listMap;
import static dev.modelserver.operator.api.v1alpha1.GeneratedCrd.map;
import static dev.modelserver.operator.api.v1alpha1.GeneratedCrd.rule;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Rules and bounds of variables, pod, Service and ServiceMonitor that have no annotation. */
final class PodAndServiceRules {
  private static final int LONGEST_LABEL = 63;

  private PodAndServiceRules() {}

  static void add(ObjectNode spec) {
    variables(spec);
    pod(spec);
    service(spec);
    monitor(spec);
  }

  private static void variables(ObjectNode spec) {
    ObjectNode variable = items(spec, "server.env");
    rule(
        variable,
        "has(self.value) != has(self.valueFrom)",
        "set exactly one of value and valueFrom; an empty value is \"\"");
    rule(
        at((ObjectNode) variable.path("properties"), "valueFrom"),
        "[has(self.secretKeyRef), has(self.configMapKeyRef), has(self.fieldRef), has(self.resourceFieldRef)].exists_one(set, set)",
        "set exactly one of secretKeyRef, configMapKeyRef, fieldRef and resourceFieldRef");
    ObjectNode source = items(spec, "server.envFrom");
    rule(
        source,
        "has(self.configMapRef) != has(self.secretRef)",
        "set exactly one of configMapRef and secretRef");
    rule(
        at((ObjectNode) source.path("properties"), "prefix"),
        "['MODELSERVER_', 'ORT_', 'QUARKUS_', 'JAVA_', 'LD_'].all(name, !name.startsWith(self) && !self.startsWith(name)) && ['POD_NAME', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS'].all(name, !name.startsWith(self))",
        "a key after this prefix could give a reserved name (MODELSERVER_, ORT_, QUARKUS_, JAVA_, LD_, POD_NAME, JDK_JAVA_OPTIONS, _JAVA_OPTIONS): choose another, for example MYAPP_");
  }

  private static void pod(ObjectNode spec) {
    rule(
        at(spec, "pod"),
        "!has(self.serviceAccountName) || !has(self.serviceAccountAnnotations) || size(self.serviceAccountAnnotations) == 0",
        "serviceAccountName is an account of yours: annotate that one and remove serviceAccountAnnotations, or remove serviceAccountName");
    rule(
        at(spec, "pod"),
        "!has(self.dnsPolicy) || self.dnsPolicy != 'None' || (has(self.dnsConfig) && has(self.dnsConfig.nameservers) && size(self.dnsConfig.nameservers) > 0)",
        "dnsPolicy None needs at least one of dnsConfig.nameservers");
    listMap(at(spec, "pod.imagePullSecrets"), "name");
    listMap(at(spec, "pod.hostAliases"), "ip");
    listMap(at(spec, "pod.dnsConfig.options"), "name");
    items(spec, "pod.securityContext.supplementalGroups")
        .put("minimum", 0)
        .put("maximum", Integer.MAX_VALUE);
    items(spec, "pod.dnsConfig.nameservers")
        .put("minLength", 2)
        .put("maxLength", 45)
        .put("pattern", "^[0-9a-fA-F.:]+$");
    items(spec, "pod.dnsConfig.searches")
        .put("minLength", 1)
        .put("maxLength", 253)
        .put("pattern", "^[a-z0-9_]([-._a-z0-9]*[a-z0-9])?[.]?$|^[.]$");
    ((ObjectNode) items(spec, "pod.hostAliases").at("/properties/hostnames/items"))
        .put("minLength", 1)
        .put("maxLength", 253)
        .put("pattern", "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$");
  }

  private static void service(ObjectNode spec) {
    ObjectNode service = at(spec, "service");
    rule(
        service,
        "has(self.grpc) && has(self.grpc.enabled) && !self.grpc.enabled || (has(self.port) ? self.port : 80) != (has(self.grpc) && has(self.grpc.port) ? self.grpc.port : 9000)",
        "port and grpc.port must differ; port is 80 and grpc.port 9000 where they are absent");
    String balanced = "has(self.type) && self.type == 'LoadBalancer'";
    rule(
        service,
        "!has(self.loadBalancerClass) || " + balanced,
        "loadBalancerClass needs type LoadBalancer");
    rule(
        service,
        "!has(self.loadBalancerSourceRanges) || size(self.loadBalancerSourceRanges) == 0 || "
            + balanced,
        "loadBalancerSourceRanges needs type LoadBalancer");
    rule(
        service,
        "!has(self.externalTrafficPolicy) || has(self.type) && self.type != 'ClusterIP'",
        "externalTrafficPolicy needs type NodePort or LoadBalancer");
    items(spec, "service.loadBalancerSourceRanges")
        .put("maxLength", 49)
        .put("pattern", "^[0-9a-fA-F.:]+/[0-9]{1,3}$");
    map(at(spec, "service.labels"), LONGEST_LABEL);
  }

  private static void monitor(ObjectNode spec) {
    ObjectNode monitor = at(spec, "monitoring.serviceMonitor");
    rule(
        monitor,
        "!has(self.scrapeTimeout) || duration(self.scrapeTimeout) <= duration(has(self.interval) ? self.interval : '15s')",
        "scrapeTimeout must not be longer than interval, which is 15s where it is absent");
    for (String list : List.of("relabelings", "metricRelabelings")) {
      ((ObjectNode)
              items(spec, "monitoring.serviceMonitor." + list).at("/properties/sourceLabels/items"))
          .put("maxLength", 256)
          .put("pattern", "^[a-zA-Z_][a-zA-Z0-9_]*$");
    }
    map(at(spec, "monitoring.alerts.labels"), LONGEST_LABEL);
    rule(
        at(spec, "monitoring.objective"),
        "has(self.availability) || has(self.latency)",
        "objective must have availability, latency or both");
    rule(
        at(spec, "monitoring"),
        "!has(self.alerts) || !has(self.alerts.latency) || has(self.alerts.latency.threshold) || has(self.alerts.latency.state) && self.alerts.latency.state == 'Disabled' || has(self.objective) && has(self.objective.latency)",
        "alerts.latency needs a threshold, or one in objective.latency");
  }

  /** What alerts need of the rest of the spec. */
  static void alerts(ObjectNode spec) {
    rule(
        spec,
        "!has(self.monitoring) || !has(self.monitoring.alerts) || !has(self.monitoring.alerts.nearMaxReplicas) || has(self.monitoring.alerts.nearMaxReplicas.state) && self.monitoring.alerts.nearMaxReplicas.state == 'Disabled' || has(self.autoscaling)",
        "monitoring.alerts.nearMaxReplicas needs autoscaling: without it there is no maxReplicas");
  }

  private static ObjectNode items(ObjectNode spec, String list) {
    return (ObjectNode) at(spec, list).path("items");
  }
}
