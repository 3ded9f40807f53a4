package dev.modelserver.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.RevisionPlanner;
import dev.modelserver.operator.revision.World;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may call the pods, and what they may call. */
class DesiredNetworkPolicyTest {
  private static final String MAP = "model: {configMap: {name: m, key: k}}\n";
  private static final String DNS = "any: UDP 53, TCP 53";
  private static final String ANYWHERE =
      "pods of namespaces {}, 0.0.0.0/0 but [169.254.0.0/16], ::/0 but [fe80::/10]: ";

  @Test
  void noneWhereNoneIsAskedFor() {
    ResolvedModelServer server = Yaml.resolved(MAP);

    assertThat(DesiredNetworkPolicy.of(server, List.of())).isEmpty();
  }

  @Test
  void onlyPodsOfTheNamespaceCallAModelOfAConfigMapAndItCallsNothingButDns() {
    NetworkPolicy policy = policy(MAP + "networkPolicy: {}");

    assertThat(ingress(policy)).containsExactly("pods {}: TCP 8080, TCP 9000");
    assertThat(egress(policy)).containsExactly(DNS);
    assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
    assertThat(policy.getSpec().getPodSelector().getMatchLabels())
        .containsOnlyKeys("modelserver.dev/name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://models.example.com/m   | TCP 443  | ",
        "http://models.example.com/m    | TCP 80   | ",
        "https://Models.Example.COM:8443/m | TCP 8443 | ",
        "https://10.1.2.3:9000/m        | TCP 9000 | ",
        "https://[2001:db8::1]:9000/m   | TCP 9000 | ",
        "https://a.b.example.com/m      | TCP 443  | ",
        "http://store/m                 | TCP 80   | models",
        "http://store.minio/m           | TCP 80   | minio",
        "http://store.minio.svc:9000/m  | TCP 9000 | minio",
        "http://store.minio.svc.cluster.local./m | TCP 80 | minio",
        "http://pod-0.store.minio.svc.cluster.local/m | TCP 80 | minio",
      })
  void theModelIsFetchedFromItsPort(String uri, String port, @Nullable String namespace) {
    NetworkPolicy policy = policy("model: {uri: '%s'}\nnetworkPolicy: {}".formatted(uri));

    assertThat(egress(policy)).startsWith(DNS, ANYWHERE + port);
    assertThat(egress(policy).stream().skip(2)).containsExactlyElementsOf(of(namespace));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{uri: 's3://models/m.onnx'} | | TCP 443 | ",
        "{uri: 's3://models/m.onnx', s3: {endpoint: 'https://s3.example.com:9000'}} | | TCP 9000 | ",
        "{uri: 's3://models/m.onnx', s3: {endpoint: 'http://store.minio:9000'}} | | TCP 9000 | minio",
        "{uri: 'oci://registry.example.com/m:1'} | | TCP 443 | ",
        "{uri: 'oci://registry.example.com:5000/m:1'} | | TCP 5000 | ",
        "{uri: 'oci://registry.tools.svc:5000/m:1'} | | TCP 5000 | tools",
        "{uri: 'hf://a/b/m.onnx@main'} | | TCP 443 | ",
        "{uri: 'hf://a/b/m.onnx@main'} | https://hub.example.com:8443/hf | TCP 8443 | ",
        "{uri: 'https://h.example.com/m', proxy: {https: 'http://proxy.example.com:3128'}} | | TCP 443, TCP 3128 | ",
        "{uri: 'https://h.example.com/m', proxy: {https: 'http://proxy.edge:3128'}} | | TCP 443, TCP 3128 | edge",
      })
  void theModelIsFetchedFromItsStore(
      String model, @Nullable String hub, String port, @Nullable String namespace) {
    String env =
        hub == null ? "" : "server: {env: [{name: HF_ENDPOINT, value: '%s'}]}\n".formatted(hub);
    NetworkPolicy policy = policy("model: %s\n%snetworkPolicy: {}".formatted(model, env));

    assertThat(egress(policy)).startsWith(DNS, ANYWHERE + port);
    assertThat(egress(policy).stream().skip(2)).containsExactlyElementsOf(of(namespace));
  }

  @Test
  void aModelOfTheImageIsFetchedFromNowhere() {
    assertThat(egress(policy("model: {uri: 'file:///models/m.onnx'}\nnetworkPolicy: {}")))
        .containsExactly(DNS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OTEL_EXPORTER_OTLP_ENDPOINT | value: 'http://collector.observability:4318' | TCP 4318 | observability",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT | value: 'HTTPS://traces.example.com/v1/traces' | TCP 443 | ",
        "OTEL_EXPORTER_OTLP_ENDPOINT | value: ' http://traces.example.com?a=b ' | TCP 80 | ",
        "OTEL_EXPORTER_OTLP_ENDPOINT | value: 'http://[2001:db8::1]:4319' | TCP 4319 | ",
        "OTEL_EXPORTER_OTLP_ENDPOINT | value: 'http://$(HOST_IP):4319' | TCP 4319 | ",
        "OTEL_EXPORTER_OTLP_ENDPOINT | value: 'http://$(HOST_IP):$(PORT)' | TCP 4318 | ",
        "OTEL_EXPORTER_OTLP_ENDPOINT | valueFrom: {configMapKeyRef: {name: site, key: otlp}} | TCP 4318 | ",
      })
  void tracesAreSentToTheirCollector(
      String name, String value, String port, @Nullable String namespace) {
    NetworkPolicy policy =
        policy(MAP + "server: {env: [{name: %s, %s}]}\nnetworkPolicy: {}\n".formatted(name, value));

    assertThat(egress(policy)).startsWith(DNS, ANYWHERE + port);
    assertThat(egress(policy).stream().skip(2)).containsExactlyElementsOf(of(namespace));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OTEL_EXPORTER_OTLP_ENDPOINT | http://localhost:4318",
        "OTEL_EXPORTER_OTLP_ENDPOINT | ''",
        "OTHER_ENDPOINT | http://collector:4318",
      })
  void otherVariablesLeadNowhere(String name, String value) {
    String spec =
        MAP
            + "server: {env: [{name: %s, value: '%s'}]}\nnetworkPolicy: {}\n"
                .formatted(name, value);

    assertThat(egress(policy(spec))).containsExactly(DNS);
  }

  @Test
  void aRevisionThatMayRunAgainReachesItsModelToo() {
    ResolvedModelServer before = Yaml.resolved("model: {uri: 'https://h.example.com:8443/m'}");
    ResolvedModelServer now =
        Yaml.resolved("model: {uri: 'https://h.example.com:9443/m'}\nnetworkPolicy: {}");

    RevisionPlan plan = plan(now, plan(before, List.of()).kept());

    assertThat(egress(DesiredNetworkPolicy.of(now, plan.kept()).orElseThrow()))
        .containsExactly(DNS, ANYWHERE + "TCP 8443, TCP 9443");
  }

  @Test
  void prometheusReachesTheMetricsThatAreAskedFor() {
    String prometheus = "pods {app.kubernetes.io/name=prometheus} of namespaces {}: TCP 8080";
    String monitored = MAP + "monitoring: {serviceMonitor: {}}\n";

    assertThat(ingress(policy(monitored + "networkPolicy: {}")))
        .containsExactly("pods {}: TCP 8080, TCP 9000", prometheus);
    assertThat(
            ingress(
                policy(
                    monitored
                        + "networkPolicy: {from: [{namespaceSelector: {matchLabels: {a: b}}}]}")))
        .containsExactly("pods of namespaces {a=b}: TCP 8080, TCP 9000", prometheus);
    assertThat(
            ingress(
                policy(
                    monitored + "networkPolicy: {}\nserver: {endpoints: {metrics: Disabled}}\n")))
        .containsExactly("pods {}: TCP 8080, TCP 9000");
  }

  @Test
  void gatewaysReachThePods() {
    String routed =
        MAP
            + "gateway: {parentRefs: [{name: own}, {name: a, namespace: edge, sectionName: s},"
            + " {name: b, namespace: edge}], hostnames: [a.example.com]}\n";
    String namespace = "pods of namespaces {kubernetes.io/metadata.name=%s}";

    assertThat(ingress(policy(routed + "networkPolicy: {}")))
        .containsExactly(
            "pods {}: TCP 8080, TCP 9000",
            namespace.formatted("edge")
                + ", "
                + namespace.formatted(Yaml.resolved(MAP).owner().namespace())
                + ": TCP 8080, TCP 9000");
    assertThat(
            ingress(
                policy(routed + "networkPolicy: {from: [{podSelector: {matchLabels: {a: b}}}]}")))
        .hasSize(2);
  }

  @Test
  void whatIsNamedReplacesWhatFollowsFromTheModel() {
    NetworkPolicy policy =
        policy(
            "model: {uri: 'https://h.example.com/m'}\n"
                + "networkPolicy: {to: [{ipBlock: {cidr: 203.0.113.0/24}}, {podSelector: {}}]}");

    assertThat(egress(policy)).containsExactly(DNS, "203.0.113.0/24 but [], pods {}: ");
  }

  /** The rule for the pods of a namespace, if one is meant. */
  private static List<String> of(@Nullable String namespace) {
    return Stream.ofNullable(namespace)
        .map("pods of namespaces {kubernetes.io/metadata.name=%s}: "::formatted)
        .toList();
  }

  private static NetworkPolicy policy(String spec) {
    ResolvedModelServer server = Yaml.resolved(spec);
    return DesiredNetworkPolicy.of(server, plan(server, List.of()).kept()).orElseThrow();
  }

  private static RevisionPlan plan(ResolvedModelServer server, List<Revision> history) {
    return RevisionPlanner.plan(server, history, World.empty(), () -> Yaml.rendered(server));
  }

  private static List<String> ingress(NetworkPolicy policy) {
    return policy.getSpec().getIngress().stream()
        .map((NetworkPolicyIngressRule rule) -> PolicyText.of(rule.getFrom(), rule.getPorts()))
        .toList();
  }

  private static List<String> egress(NetworkPolicy policy) {
    return policy.getSpec().getEgress().stream()
        .map((NetworkPolicyEgressRule rule) -> PolicyText.of(rule.getTo(), rule.getPorts()))
        .toList();
  }
}
