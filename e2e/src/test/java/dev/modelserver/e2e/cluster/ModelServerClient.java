package dev.modelserver.e2e.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One ModelServer, handled as a person with kubectl handles it. */
public record ModelServerClient(Cluster cluster, String namespace, String name) {
  /** The resource, for the generic client. */
  public static final ResourceDefinitionContext CONTEXT =
      new ResourceDefinitionContext.Builder()
          .withGroup("modelserver.dev")
          .withVersion("v1alpha1")
          .withKind("ModelServer")
          .withPlural("modelservers")
          .withNamespaced(true)
          .build();

  /** Label that names the revision of a pod. */
  public static final String REVISION_LABEL = "modelserver.dev/revision";

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration SOON = Duration.ofSeconds(10);

  /** Longest time that a rollout of a good revision may take on a small, busy cluster. */
  public static final Duration ROLLOUT = Duration.ofMinutes(3);

  /** Creates it. */
  public void create(Map<String, Object> spec) {
    GenericKubernetesResource resource = new GenericKubernetesResource();
    resource.setApiVersion("modelserver.dev/v1alpha1");
    resource.setKind("ModelServer");
    resource.setMetadata(new ObjectMetaBuilder().withName(name).build());
    resource.setAdditionalProperty("spec", spec);
    cluster
        .client()
        .genericKubernetesResources(CONTEXT)
        .inNamespace(namespace)
        .resource(resource)
        .create();
  }

  /** Replaces its whole spec. */
  public void replaceSpec(Map<String, Object> spec) {
    patch(PatchType.JSON, List.of(Map.of("op", "replace", "path", "/spec", "value", spec)));
  }

  /** Merges fields into it (JSON merge patch: null removes a field). */
  public void merge(Map<String, Object> fields) {
    patch(PatchType.JSON_MERGE, fields);
  }

  /** Sets an annotation. */
  public void annotate(String key, String value) {
    merge(Map.of("metadata", Map.of("annotations", Map.of(key, value))));
  }

  /** Sets {@code replicas} through the scale sub-resource, as {@code kubectl scale} does. */
  public void scale(int replicas) {
    // The status is written at the same time: what was read may be old by the time it is sent.
    Awaitility.await(name + ": scaled to " + replicas).atMost(SOON).until(() -> scaledAt(replicas));
  }

  private boolean scaledAt(int replicas) {
    String scale = cluster.client().raw(path() + "/scale");
    if (scale == null) {
      throw new IllegalStateException(name + " has no scale sub-resource");
    }
    Map<String, Object> body = new LinkedHashMap<>(parse(scale));
    body.put("spec", Map.of("replicas", replicas));
    try {
      cluster.client().raw(path() + "/scale", "PUT", body);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return false;
    }
  }

  /** Deletes it; its children are left to garbage collection. */
  public void delete() {
    resource().delete();
  }

  /** What the API server knows of it now. */
  public Optional<ModelServerState> find() {
    String json = cluster.client().raw(path());
    try {
      return json == null
          ? Optional.empty()
          : Optional.of(new ModelServerState(JSON.readTree(json)));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the API server knows of it now; it must exist. */
  public ModelServerState state() {
    return find()
        .orElseThrow(() -> new IllegalStateException("no ModelServer " + namespace + "/" + name));
  }

  /** Waits for a state, and shows the last one when it does not come. */
  public ModelServerState await(String what, Duration limit, Predicate<ModelServerState> reached) {
    AtomicReference<ModelServerState> last = new AtomicReference<>(state());
    try {
      Awaitility.await(name + ": " + what)
          .atMost(limit)
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                last.set(state());
                return reached.test(last.get());
              });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          name
              + " in "
              + namespace
              + " did not become: "
              + what
              + " in "
              + limit
              + "; it is "
              + last.get(),
          e);
    }
    return Objects.requireNonNull(last.get());
  }

  /** Waits until the latest spec is Ready. */
  public ModelServerState awaitReady() {
    return await("Ready", ROLLOUT, ModelServerState::isReady);
  }

  /** Waits until the status is about the latest spec. */
  public ModelServerState awaitObserved() {
    return await(
        "a status about the latest spec",
        ROLLOUT,
        state -> state.json().at("/status/observedGeneration").asLong() == state.generation());
  }

  /** Its Deployment, which must exist. */
  public Deployment deployment() {
    return cluster.client().apps().deployments().inNamespace(namespace).withName(name).require();
  }

  /** The revision that the Deployment's template names. */
  public String deployedRevision() {
    return Objects.requireNonNull(
        deployment().getSpec().getTemplate().getMetadata().getLabels().get(REVISION_LABEL));
  }

  /** How many pods its PodDisruptionBudget, which must exist, lets be unavailable at once. */
  public int allowedDisruptions() {
    return cluster
        .client()
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(namespace)
        .withName(name)
        .require()
        .getSpec()
        .getMaxUnavailable()
        .getIntVal();
  }

  /** Its pods, those that are being deleted left out. */
  public List<Pod> pods() {
    return cluster
        .client()
        .pods()
        .inNamespace(namespace)
        .withLabel("modelserver.dev/name", name)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  /** Waits until there are exactly so many pods and all are ready. */
  public List<Pod> awaitReadyPods(int count) {
    Awaitility.await(count + " ready pods of " + name)
        .atMost(ROLLOUT)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> pods().size() == count && pods().stream().allMatch(Readiness::isPodReady));
    return pods();
  }

  /** {@code /predict} at the Service's cluster IP. */
  public URI predict() {
    var service = cluster.client().services().inNamespace(namespace).withName(name).require();
    String host = service.getSpec().getClusterIP();
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + "/predict");
  }

  private Resource<GenericKubernetesResource> resource() {
    return cluster
        .client()
        .genericKubernetesResources(CONTEXT)
        .inNamespace(namespace)
        .withName(name);
  }

  private void patch(PatchType type, Object patch) {
    try {
      resource()
          .patch(
              new PatchContext.Builder().withPatchType(type).withFieldValidation("Strict").build(),
              JSON.writeValueAsString(patch));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> parse(String json) {
    try {
      return JSON.readValue(json, new TypeReference<Map<String, Object>>() {});
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String path() {
    return "/apis/modelserver.dev/v1alpha1/namespaces/" + namespace + "/modelservers/" + name;
  }
}
