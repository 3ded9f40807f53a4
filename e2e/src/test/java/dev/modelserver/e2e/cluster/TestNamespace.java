package dev.modelserver.e2e.cluster;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A namespace of its own for a test, which enforces Pod Security {@code restricted} unless the test
 * asks for another level; deleted, without waiting, when closed.
 */
public record TestNamespace(Cluster cluster, String name) implements AutoCloseable {
  private static final Set<String> OPEN = new ConcurrentSkipListSet<>();
  private static final Set<String> CLOSED = new ConcurrentSkipListSet<>();

  /**
   * Creates a namespace whose name begins with {@code e2e-} and {@code prefix}, and waits for what
   * Kubernetes itself puts into every namespace.
   */
  public static TestNamespace create(Cluster cluster, String prefix) {
    return create(cluster, prefix, "restricted");
  }

  /** As {@link #create(Cluster, String)}, for pods that may do anything on their node. */
  public static TestNamespace privileged(Cluster cluster, String prefix) {
    return create(cluster, prefix, "privileged");
  }

  private static TestNamespace create(Cluster cluster, String prefix, String level) {
    Namespace namespace =
        new NamespaceBuilder()
            .withNewMetadata()
            .withGenerateName("e2e-" + prefix + "-")
            .withLabels(Map.of("pod-security.kubernetes.io/enforce", level))
            .endMetadata()
            .build();
    String name =
        cluster.client().namespaces().resource(namespace).create().getMetadata().getName();
    OPEN.add(name);
    Awaitility.await("the default objects of namespace " + name)
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                cluster.client().serviceAccounts().inNamespace(name).withName("default").get()
                        != null
                    && cluster
                            .client()
                            .configMaps()
                            .inNamespace(name)
                            .withName("kube-root-ca.crt")
                            .get()
                        != null);
    return new TestNamespace(cluster, name);
  }

  /** Names of the namespaces that are in use now or were in the test that ends. */
  static List<String> present() {
    return Stream.concat(OPEN.stream(), CLOSED.stream()).toList();
  }

  /** Deletes the closed ones. */
  static void deleteClosed() {
    for (String name : List.copyOf(CLOSED)) {
      CLOSED.remove(name);
      if (!Cluster.get().settings().keep()) {
        Cluster.get().client().namespaces().withName(name).delete();
      }
    }
  }

  /** Puts a file of {@code samples/models} into a ConfigMap, under the key {@code model.onnx}. */
  public void putModel(String configMap, byte[] model) {
    cluster
        .client()
        .configMaps()
        .inNamespace(name)
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(configMap)
                .endMetadata()
                .withBinaryData(Map.of("model.onnx", Base64.getEncoder().encodeToString(model)))
                .build())
        .create();
  }

  /** A ModelServer of this namespace, which need not exist. */
  public ModelServerClient modelServer(String modelServer) {
    return new ModelServerClient(cluster, name, modelServer);
  }

  @Override
  public void close() {
    CLOSED.add(name);
    OPEN.remove(name);
  }
}
