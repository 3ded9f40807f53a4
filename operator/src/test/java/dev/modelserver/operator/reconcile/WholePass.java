package dev.modelserver.operator.reconcile;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.apply.CachedForm;
import dev.modelserver.operator.config.Client;
import dev.modelserver.operator.config.OperatorConfig;
import dev.modelserver.operator.config.TolerantJson;
import dev.modelserver.operator.metrics.OperatorMetrics;
import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.resolve.HostClaim;
import dev.modelserver.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The reconciler as it is, in front of a fake API server; its caches hold what is there. */
final class WholePass implements AutoCloseable {
  static final String NAMESPACE = "models";
  static final String NAME = "iris";

  final FakeApiServer server = new FakeApiServer();
  private boolean listsMonitors = true;
  private final OperatorMetrics metrics = new OperatorMetrics(Clock.systemUTC());

  /** The hosts before and after each pass. */
  final List<String> moves = new ArrayList<>();

  private final KubernetesClient client = client(server.url());
  private ModelServerReconciler reconciler =
      new ModelServerReconciler(client, configuration(Map.of()), metrics);

  private static OperatorConfig configuration(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .addDefaultInterceptors()
        .withDefaultValues(values)
        .withMapping(OperatorConfig.class)
        .build()
        .getConfigMapping(OperatorConfig.class);
  }

  WholePass() {
    reconciler.read(new Fresh());
  }

  /**
   * The operator is started again, configured otherwise.
   *
   * @param values by the names of {@link OperatorConfig}, for example modelserver.model-defaults
   */
  void restarted(Map<String, String> values) {
    reconciler = new ModelServerReconciler(client, configuration(values), metrics);
    reconciler.read(new Fresh());
  }

  private static KubernetesClient client(String url) {
    ObjectMapper mapper = new ObjectMapper();
    TolerantJson.tolerate(mapper);
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(url)
            .withNamespace(NAMESPACE)
            .withRequestRetryBackoffLimit(0)
            .build();
    return Client.of(config, new KubernetesSerialization(mapper, false));
  }

  /** Stores a ModelServer of this spec, or another spec for it. */
  void spec(String spec) {
    ModelServer wanted = Yaml.modelServer(spec);
    ModelServer stored = stored();
    if (stored != null) {
      if (stored.getSpec().equals(wanted.getSpec())) {
        return;
      }
      wanted.setStatus(stored.getStatus());
      wanted.getMetadata().setGeneration(stored.getMetadata().getGeneration());
    }
    put("apis/modelserver.dev/v1alpha1/namespaces/models/modelservers", wanted);
  }

  private @Nullable ModelServer stored() {
    return client.resources(ModelServer.class).inNamespace(NAMESPACE).withName(NAME).get();
  }

  private ModelServer require() {
    return client.resources(ModelServer.class).inNamespace(NAMESPACE).withName(NAME).require();
  }

  /** Changes a stored object. */
  <T extends HasMetadata> void edit(
      Class<T> kind, String collection, String name, UnaryOperator<T> change) {
    put(
        collection,
        change.apply(client.resources(kind).inNamespace(NAMESPACE).withName(name).require()));
  }

  /** Stores an object. */
  void put(String collection, HasMetadata object) {
    server.put(
        collection + "/" + object.getMetadata().getName(), new ObjectMapper().valueToTree(object));
  }

  /** Stores this spec and runs a pass, whatever it could write. */
  void pass(String spec) {
    spec(spec);
    run();
  }

  /** Every wanted pod of the Deployment's revision is there, and its preflight succeeded. */
  void rolledOut() {
    deploymentStatus(2, 2);
    pod("iris-1", 0, "Succeeded", "ModelLoaded", false);
  }

  /** The first pod of the Deployment's revision says that its model can never be served. */
  void preflightFailed() {
    deploymentStatus(3, 1);
    pod("iris-2", 1, "Failed", "InvalidModel", true);
  }

  private void deploymentStatus(int pods, int updated) {
    edit(
        Deployment.class,
        "apis/apps/v1/namespaces/models/deployments",
        NAME,
        deployment -> {
          deployment.setStatus(
              new DeploymentStatusBuilder()
                  .withObservedGeneration(100L)
                  .withReplicas(pods)
                  .withUpdatedReplicas(updated)
                  .withReadyReplicas(2)
                  .withAvailableReplicas(2)
                  .build());
          return deployment;
        });
  }

  private void pod(String name, int exitCode, String outcome, String reason, boolean isFinal) {
    put(
        "api/v1/namespaces/models/pods",
        Yaml.read(
            Pod.class,
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: %s
              namespace: models
              labels: {modelserver.dev/name: iris, modelserver.dev/revision: %s}
              creationTimestamp: '2026-11-22T09:54:00Z'
            spec: {containers: [{name: server}]}
            status:
              initContainerStatuses:
              - name: preflight
                restartCount: 0
                state:
                  terminated:
                    exitCode: %d
                    message: '{"contract":1,"outcome":"%s","reason":"%s","message":"words","final":%s,"sha256":"abcdef0123"}'
            """
                .formatted(name, revision(), exitCode, outcome, reason, isFinal)));
  }

  /** A Service of the name that no ModelServer controls. */
  void strangersService() {
    put(
        "api/v1/namespaces/models/services",
        Yaml.read(
            Service.class,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: iris, namespace: models}
            spec: {selector: {app: other}}
            """));
  }

  /** One pass. */
  void run() {
    reconciler.pass(require());
  }

  /** The operator may not list ServiceMonitors: none of them is in its caches. */
  void cannotListMonitors() {
    listsMonitors = false;
  }

  /** The hash of the revision that the Deployment runs. */
  String revision() {
    return server
        .ofKind("Deployment")
        .getFirst()
        .at("/spec/template/metadata/labels")
        .path(Labels.REVISION)
        .asText();
  }

  /** Type, status and reason of every condition. */
  List<String> conditions() {
    return Conditions.of(require().getStatus()).stream()
        .map(c -> "%s=%s/%s".formatted(c.type(), c.status(), c.reason()))
        .toList();
  }

  /** Type and reason of every Event. */
  List<String> events() {
    return server.ofKind("Event").stream()
        .map(e -> e.path("type").asText() + "/" + e.path("reason").asText())
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }

  /** A cache that is never late. */
  private final class Fresh implements ClusterCache {
    @Override
    public Optional<? extends HasMetadata> find(HasMetadata like) {
      return holds(like.getClass())
          ? Optional.ofNullable(client.resource(like).get()).map(CachedForm::of)
          : Optional.empty();
    }

    @Override
    public boolean holds(Class<? extends HasMetadata> kind) {
      return listsMonitors || kind != ServiceMonitor.class;
    }

    @Override
    public void refused(Class<? extends HasMetadata> kind) {
      // It is asked in each pass.
    }

    @Override
    public Set<Class<?>> optionalKinds(ModelServer primary) {
      return OptionalKind.ALL.stream()
          .map(OptionalKind::type)
          .filter(client::supports)
          .collect(Collectors.toSet());
    }

    @Override
    public Stream<ModelServer> sharingHosts(ModelServer primary) {
      return client.resources(ModelServer.class).inNamespace(NAMESPACE).list().getItems().stream();
    }

    @Override
    public void moved(ModelServer primary, Set<HostClaim> before, Set<HostClaim> after) {
      moves.add("%s > %s".formatted(places(before), places(after)));
    }

    private static Set<String> places(Set<HostClaim> all) {
      return all.stream().map(HostClaim::place).collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public <T extends HasMetadata> Optional<T> find(Class<T> kind, String namespace, String name) {
      return Optional.ofNullable(client.resources(kind).inNamespace(namespace).withName(name).get())
          .map(CachedForm::of);
    }

    @Override
    public Stream<ConfigMap> configMaps(ModelServer primary) {
      return mine(ConfigMap.class, primary);
    }

    @Override
    public Stream<Pod> pods(ModelServer primary) {
      return mine(Pod.class, primary);
    }

    @Override
    public Stream<Pod> departed(ModelServer primary, Instant now) {
      return Stream.empty();
    }

    @Override
    public Stream<Event> warnings(String namespace, Set<String> podUids) {
      return Stream.empty();
    }

    private <T extends HasMetadata> Stream<T> mine(Class<T> kind, ModelServer primary) {
      return client
          .resources(kind)
          .inNamespace(primary.getMetadata().getNamespace())
          .withLabel(Labels.NAME, primary.getMetadata().getName())
          .list()
          .getItems()
          .stream()
          .map(CachedForm::of);
    }
  }
}
