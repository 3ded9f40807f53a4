package dev.modelserver.e2e.cluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The operator, installed with helm from this repository's chart into a namespace that enforces
 * {@code restricted}.
 */
public final class OperatorInstall {
  /** Where it is installed. */
  public static final String NAMESPACE = "modelserver-system";

  /** Name of the CustomResourceDefinition. */
  public static final String CRD = "modelservers.modelserver.dev";

  private static final String DEPLOYMENT = "modelserver-operator";
  private static @Nullable OperatorInstall shared;

  private final Cluster cluster;
  private final HelmRelease release;
  private final boolean releaseWasThere;
  private final boolean crdWasThere;
  // A pod annotation that changes with every run: a rebuilt image of the same tag is started, not
  // the one that already runs.
  private final Instant began = Instant.now();

  private OperatorInstall(Cluster cluster) {
    this.cluster = cluster;
    this.release = new HelmRelease(cluster.settings(), "modelserver", NAMESPACE);
    this.crdWasThere = crdExists();
    this.releaseWasThere = release.exists();
  }

  /** The one installation of this test run. */
  public static synchronized OperatorInstall get() {
    OperatorInstall install = shared;
    if (install == null) {
      install = new OperatorInstall(Cluster.get());
      shared = install;
    }
    return install;
  }

  /**
   * Installs the chart with the images under test, or brings an installation back to that; waits
   * until the operator is ready.
   */
  public void install() {
    upgrade(Repository.path("helm"), Map.of());
  }

  /** The same with all that the chart has for Prometheus and Grafana, scraped every 5 s. */
  public void installMonitored() {
    upgrade(
        Repository.path("helm"),
        Map.of(
            "metrics.serviceMonitor.enabled", true,
            "metrics.serviceMonitor.interval", "5s",
            "metrics.prometheusRule.enabled", true,
            "dashboards.enabled", true));
  }

  /**
   * Installs or upgrades to a chart with values that override those under test.
   *
   * @param values a Boolean stays one, anything else is a text
   */
  public void upgrade(Path chart, Map<String, ?> values) {
    createNamespace();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("podAnnotations.e2e-run", Long.toString(began.toEpochMilli()));
    all.putAll(values);
    release.upgrade(chart, all);
  }

  /** Takes the last upgrade back, as {@code helm rollback} does. */
  public void rollback() {
    release.rollback();
  }

  /** Uninstalls the chart and waits until the operator's pods are gone. */
  public void uninstall() {
    release.uninstall();
    Awaitility.await("the operator's pods are gone")
        .atMost(Duration.ofMinutes(2))
        .until(() -> pods().isEmpty());
  }

  /** Deletes the operator's pods and waits until others are ready in their place. */
  public void restart() {
    List<String> before = uids();
    cluster.client().pods().inNamespace(NAMESPACE).withLabels(release.labels()).delete();
    Awaitility.await("another operator pod is ready")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                !pods().isEmpty()
                    && pods().stream()
                        .allMatch(
                            pod ->
                                !before.contains(pod.getMetadata().getUid())
                                    && Readiness.isPodReady(pod)));
  }

  /** When this test run began, before it installed anything. */
  public Instant began() {
    return began;
  }

  /** Its pods, those that are being deleted included. */
  public List<Pod> pods() {
    return cluster
        .client()
        .pods()
        .inNamespace(NAMESPACE)
        .withLabels(release.labels())
        .list()
        .getItems();
  }

  /** Its Deployment. */
  public Deployment deployment() {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(NAMESPACE)
        .withName(DEPLOYMENT)
        .require();
  }

  /** The name under which the API server knows it. */
  public String user() {
    return "system:serviceaccount:" + NAMESPACE + ":" + serviceAccount();
  }

  /** Its ServiceAccount. */
  public String serviceAccount() {
    return deployment().getSpec().getTemplate().getSpec().getServiceAccountName();
  }

  /** Whether the CustomResourceDefinition exists. */
  public boolean crdExists() {
    return cluster.client().apiextensions().v1().customResourceDefinitions().withName(CRD).get()
        != null;
  }

  /** Takes away what this run added to the cluster. */
  void removeIfAdded() {
    if (cluster.settings().keep() || releaseWasThere) {
      return;
    }
    uninstall();
    cluster.client().namespaces().withName(NAMESPACE).delete();
    if (!crdWasThere) {
      cluster.client().apiextensions().v1().customResourceDefinitions().withName(CRD).delete();
    }
  }

  private void createNamespace() {
    cluster
        .client()
        .namespaces()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
                .endMetadata()
                .build())
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("e2e")
                .withForce(true)
                .build());
  }

  private List<String> uids() {
    return pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
  }
}
