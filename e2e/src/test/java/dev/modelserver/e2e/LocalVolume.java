package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;

/**
 * A folder of a node as a {@code local} PersistentVolume, and the claim of a namespace that is
 * bound to it. It holds the iris models as files of a user and a group that no pod has by itself. A
 * privileged pod makes the folder, and deletes it when it ends.
 */
record LocalVolume(TestNamespace namespace, TestNamespace maker) implements AutoCloseable {
  /** Group of the files. */
  static final int GROUP = 20002;

  private static final int OWNER = 20001;
  private static final String CLAIM = "models";

  /** Makes it, with these permissions, such as {@code 0750} and {@code 0640}. */
  static LocalVolume make(TestNamespace namespace, String folderMode, String fileMode) {
    Cluster cluster = namespace.cluster();
    TestNamespace maker = TestNamespace.privileged(cluster, "maker");
    for (IrisModel model : IrisModel.values()) {
      maker.putModel(model.configMap(), model.bytes());
    }
    cluster.apply(
        maker.name(),
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: maker}
        spec:
          automountServiceAccountToken: false
          terminationGracePeriodSeconds: 10
          containers:
          - name: maker
            image: %1$s
            securityContext: {runAsUser: 0, runAsGroup: 0}
            readinessProbe: {exec: {command: [bash, -c, 'test -e /tmp/made']}, periodSeconds: 1}
            command:
            - bash
            - -c
            - |
              set -e
              trap 'rm -rf /node/%2$s; exit' TERM
              install -d -o %3$d -g %4$d -m %5$s /node/%2$s
              for model in %6$s %7$s; do
                install -o %3$d -g %4$d -m %8$s /models/$model/model.onnx /node/%2$s/$model.onnx
              done
              touch /tmp/made
              sleep infinity & wait
            volumeMounts:
            - {name: node, mountPath: /node}
            - {name: first, mountPath: /models/%6$s}
            - {name: second, mountPath: /models/%7$s}
          volumes:
          - {name: node, hostPath: {path: /var/tmp, type: DirectoryOrCreate}}
          - {name: first, configMap: {name: %6$s}}
          - {name: second, configMap: {name: %7$s}}
        """
            .formatted(
                cluster.settings().serverImage(),
                namespace.name(),
                OWNER,
                GROUP,
                folderMode,
                IrisModel.V1_0.configMap(),
                IrisModel.V1_1.configMap(),
                fileMode));
    cluster.apply(
        namespace.name(),
        """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: %1$s}
        spec:
          capacity: {storage: 1Mi}
          accessModes: [ReadWriteOnce]
          persistentVolumeReclaimPolicy: Retain
          claimRef: {apiVersion: v1, kind: PersistentVolumeClaim, namespace: %1$s, name: %2$s}
          local: {path: /var/tmp/%1$s}
          nodeAffinity:
            required:
              nodeSelectorTerms:
              - matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: ['%3$s']}]
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: %2$s}
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: ''
          volumeName: %1$s
          resources: {requests: {storage: 1Mi}}
        """
            .formatted(namespace.name(), CLAIM, hostname(awaitMade(maker))));
    return new LocalVolume(namespace, maker);
  }

  /** A spec that serves a model from the claim. */
  Map<String, Object> spec(IrisModel model, int replicas) {
    Map<String, Object> spec = model.spec(replicas);
    BadModel.model(spec).remove("configMap");
    BadModel.model(spec)
        .put(
            "persistentVolumeClaim",
            Map.of("claimName", CLAIM, "path", model.configMap() + ".onnx"));
    return spec;
  }

  /** The volume is in no namespace, so it does not go with one. */
  @Override
  public void close() {
    maker.close();
    if (!namespace.cluster().settings().keep()) {
      namespace.cluster().client().persistentVolumes().withName(namespace.name()).delete();
    }
  }

  private static Pod awaitMade(TestNamespace maker) {
    var pod = maker.cluster().client().pods().inNamespace(maker.name()).withName("maker");
    Awaitility.await("the files of the volume are made")
        .atMost(Duration.ofMinutes(1))
        .until(() -> Readiness.isPodReady(pod.require()));
    return pod.require();
  }

  private static String hostname(Pod pod) {
    return Objects.requireNonNull(
        Cluster.get()
            .client()
            .nodes()
            .withName(pod.getSpec().getNodeName())
            .require()
            .getMetadata()
            .getLabels()
            .get("kubernetes.io/hostname"));
  }
}
