package dev.modelserver.local.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Controller of Deployments and kubelet in one: keeps the wanted number of pods of each Deployment
 * running as local processes, at most {@value #MOST_PODS} each. A changed template replaces all
 * pods at once: there are no rollouts here.
 */
public final class Node implements AutoCloseable {
  /** Processes of one Deployment: a machine is not a cluster. */
  public static final int MOST_PODS = 3;

  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  private final KubernetesClient client;
  private final Path directory;
  private final Program program;
  private final Timing timing;
  private final SharedIndexInformer<Deployment> deployments;
  private final Thread loop;
  private volatile boolean closed;
  private final Map<String, List<PodRunner>> runners = new HashMap<>();

  private Node(KubernetesClient client, Path directory, Program program, Timing timing) {
    this.client = client;
    this.directory = directory;
    this.program = program;
    this.timing = timing;
    this.deployments = client.apps().deployments().inAnyNamespace().inform();
    this.loop = Thread.ofPlatform().daemon().name("node").unstarted(this::loop);
  }

  /**
   * Starts a node.
   *
   * @param client the API server; the caller closes it after the node
   * @param directory for volumes and logs
   */
  public static Node start(
      KubernetesClient client, Path directory, Program program, Timing timing) {
    var node = new Node(client, directory, program, timing);
    node.loop.start();
    return node;
  }

  /** The pods that are ready now. */
  public synchronized List<Endpoint> ready() {
    return runners.values().stream()
        .flatMap(List::stream)
        .filter(runner -> runner.readySince() != null)
        .map(PodRunner::endpoint)
        .toList();
  }

  /** Stops all pods; returns when no process of theirs is left. */
  @Override
  public void close() {
    closed = true;
    loop.interrupt();
    deployments.close();
    synchronized (this) {
      runners.values().forEach(pods -> pods.forEach(PodRunner::close));
      runners.clear();
    }
  }

  private void loop() {
    try {
      while (!closed) {
        reconcile();
        Thread.sleep(timing.poll());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void reconcile() {
    if (closed) {
      return;
    }
    var wanted = new HashMap<String, Deployment>();
    for (var deployment : deployments.getStore().list()) {
      wanted.put(key(deployment), deployment);
    }
    for (var key : List.copyOf(runners.keySet())) {
      if (!wanted.containsKey(key)) {
        Objects.requireNonNull(runners.remove(key)).forEach(this::stop);
      }
    }
    for (var deployment : wanted.values()) {
      try {
        reconcile(deployment);
      } catch (KubernetesClientException e) {
        // The API server was busy or the object has changed: the next look sees what is there.
      }
    }
  }

  private void reconcile(Deployment deployment) {
    var pods = runners.computeIfAbsent(key(deployment), key -> new ArrayList<>());
    var count =
        Math.min(Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1), MOST_PODS);
    var hash = PodNames.hash(deployment);
    for (var runner : List.copyOf(pods)) {
      if (!hash.equals(runner.pod().getMetadata().getLabels().get(PodNames.HASH_LABEL))) {
        pods.remove(runner);
        stop(runner);
      }
    }
    while (pods.size() > count) {
      stop(pods.removeLast());
    }
    while (pods.size() < count) {
      pods.add(start(deployment, hash));
    }
    var readySince = pods.stream().map(PodRunner::readySince).filter(Objects::nonNull).toList();
    var status = DeploymentStatuses.of(deployment, pods.size(), readySince, Instant.now());
    if (!status.equals(deployment.getStatus())) {
      client
          .apps()
          .deployments()
          .inNamespace(deployment.getMetadata().getNamespace())
          .withName(deployment.getMetadata().getName())
          .subresource("status")
          .patch(MERGE, Serialization.asJson(Map.of("status", status)));
    }
  }

  private PodRunner start(Deployment deployment, String hash) {
    var template = deployment.getSpec().getTemplate();
    var metadata = deployment.getMetadata();
    Pod wanted =
        new PodBuilder()
            .withNewMetadata()
            .withName(PodNames.name(deployment, hash))
            .withNamespace(metadata.getNamespace())
            .withLabels(template.getMetadata().getLabels())
            .addToLabels(PodNames.HASH_LABEL, hash)
            .withAnnotations(template.getMetadata().getAnnotations())
            .addNewOwnerReference()
            .withApiVersion("apps/v1")
            .withKind("Deployment")
            .withName(metadata.getName())
            .withUid(metadata.getUid())
            .withController(true)
            .endOwnerReference()
            .endMetadata()
            .withSpec(template.getSpec().edit().withNodeName(PodStatuses.NODE).build())
            .build();
    var pod = client.pods().inNamespace(metadata.getNamespace()).resource(wanted).create();
    var place = directory.resolve(pod.getMetadata().getName());
    return PodRunner.start(pod, place, client, program, timing);
  }

  private void stop(PodRunner runner) {
    runner.close();
    client.pods().resource(runner.pod()).delete();
  }

  private static String key(Deployment deployment) {
    return deployment.getMetadata().getNamespace() + "/" + deployment.getMetadata().getName();
  }
}
