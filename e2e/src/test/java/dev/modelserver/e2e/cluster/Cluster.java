package dev.modelserver.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cluster that KUBECONFIG names, with the operator of this repository in it. */
public final class Cluster {
  private static @Nullable Cluster shared;

  private final Settings settings;
  private final KubernetesClient client = new KubernetesClientBuilder().build();

  private Cluster(Settings settings) {
    this.settings = settings;
  }

  /** The one cluster of this test run, without looking whether the operator is installed. */
  public static synchronized Cluster get() {
    Cluster cluster = shared;
    if (cluster == null) {
      cluster = new Cluster(Settings.fromEnvironment());
      shared = cluster;
    }
    return cluster;
  }

  /** The settings of this run. */
  public Settings settings() {
    return settings;
  }

  /** The API, with the rights of KUBECONFIG's user. */
  public KubernetesClient client() {
    return client;
  }

  /**
   * Applies all documents of a YAML text to a namespace, as {@code kubectl apply --server-side}
   * does.
   */
  public List<HasMetadata> apply(String namespace, String yaml) {
    List<HasMetadata> applied = new ArrayList<>();
    for (HasMetadata object : documents(yaml)) {
      applied.add(apply(namespace, object, false));
    }
    return applied;
  }

  /**
   * Applies all documents of a YAML text without effect: the API server checks and defaults them.
   */
  public List<HasMetadata> dryRun(String namespace, String yaml) {
    return documents(yaml).stream().map(object -> apply(namespace, object, true)).toList();
  }

  /** The objects of a YAML text. */
  public List<HasMetadata> documents(String yaml) {
    return client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))).items();
  }

  /** The YAML that {@code kubectl kustomize} makes of a folder. */
  public String kustomize(Path folder) {
    return Program.run(List.of(settings.kubectl(), "kustomize", folder.toString()));
  }

  /**
   * What kubectl prints, where there is a kubectl; for people to read, never for a test to judge.
   */
  public Optional<String> kubectl(String... arguments) {
    List<String> command = new ArrayList<>(List.of(settings.kubectl()));
    command.addAll(List.of(arguments));
    return Program.runIfPresent(command)
        .map(output -> "$ kubectl " + String.join(" ", arguments) + "\n" + output);
  }

  /** What a script of bash prints in the first container of a pod; it must succeed. */
  public String execute(Pod pod, String script) {
    return Program.run(
            List.of(
                settings.kubectl(),
                "exec",
                "--namespace",
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                "--container",
                pod.getSpec().getContainers().getFirst().getName(),
                "--",
                "bash",
                "-c",
                script))
        .strip();
  }

  private HasMetadata apply(String namespace, HasMetadata object, boolean dryRun) {
    PatchContext.Builder context =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("e2e")
            .withForce(true);
    if (dryRun) {
      context.withDryRun(List.of("All"));
    }
    return client.resource(object).inNamespace(namespace).patch(context.build());
  }
}
