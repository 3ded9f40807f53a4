package dev.modelserver.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The operator, installed with {@code kubectl apply -k} from this repository's base: through an
 * overlay that names the images under test, as {@code kustomize/README.md} wants it.
 */
public final class KustomizeInstall {
  private static final String BASE = "kustomize/base";

  private final Settings settings;
  private final Path overlay;

  private KustomizeInstall(Settings settings, Path overlay) {
    this.settings = settings;
    this.overlay = overlay;
  }

  /**
   * Writes the overlay, and changes nothing in the cluster.
   *
   * @param folder an empty one; kustomize takes no absolute path, so it needs a way to the base
   */
  public static KustomizeInstall write(Cluster cluster, Path folder) throws IOException {
    Settings settings = cluster.settings();
    String operator = settings.operatorImage();
    int colon = operator.lastIndexOf(':');
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: ["%s"]
        images:
          - {name: docker.io/modelserver/operator, newName: "%s", newTag: "%s"}
        patches:
          - patch: |
              apiVersion: apps/v1
              kind: Deployment
              metadata: {name: modelserver-operator, namespace: modelserver-system}
              spec:
                template:
                  spec:
                    containers:
                      - name: operator
                        env: [{name: MODELSERVER_DEFAULT_IMAGE, value: "%s"}]
        """
            .formatted(
                folder.toRealPath().relativize(Repository.path(BASE).toRealPath()),
                operator.substring(0, colon),
                operator.substring(colon + 1),
                settings.serverImage()));
    return new KustomizeInstall(settings, folder);
  }

  /** Applies it and waits until the operator is ready; what kubectl says of each object. */
  public String apply() {
    String applied = kubectl("apply", "-k", overlay.toString());
    kubectl(
        "--namespace",
        OperatorInstall.NAMESPACE,
        "rollout",
        "status",
        "deployment/modelserver-operator",
        "--timeout=3m");
    return applied;
  }

  /** Runs a command of the documentation, which is split at its blanks. */
  public String run(String command) {
    return kubectl(command.split(" "));
  }

  /** Deletes all of the base, the definition and with it every ModelServer of the cluster. */
  public String deleteAll() {
    return kubectl("delete", "-k", Repository.path(BASE).toString());
  }

  private String kubectl(String... arguments) {
    List<String> command = new ArrayList<>(List.of(settings.kubectl()));
    command.addAll(List.of(arguments));
    return Program.run(command);
  }
}
