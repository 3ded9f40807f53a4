package dev.modelserver.operator.faults;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A namespace of its own with one ModelServer `iris`, as its user sees it: directly at the API
 * server, not through the proxy.
 *
 * @param client with every right
 */
public record Stage(KubernetesClient client, String namespace) {
  static final String NAME = "iris";
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** Makes the namespace. */
  public static Stage create(KubernetesClient client, String namespace) {
    client
        .resource(
            new NamespaceBuilder()
                .withMetadata(new ObjectMetaBuilder().withName(namespace).build())
                .build())
        .create();
    return new Stage(client, namespace);
  }

  /** Creates the ModelServer with this spec. */
  public void create(String spec) {
    ModelServer server = Yaml.modelServer(spec);
    server.setMetadata(new ObjectMetaBuilder().withName(NAME).withNamespace(namespace).build());
    client.resource(server).create();
  }

  /** Changes the ModelServer by a JSON merge patch, in which ' stands for ". */
  public void patch(String json) {
    client
        .resources(ModelServer.class)
        .inNamespace(namespace)
        .withName(NAME)
        .patch(PatchContext.of(PatchType.JSON_MERGE), json.replace('\'', '"'));
  }

  /** Changes the number of pods. */
  public void scale(int replicas) {
    patch("{'spec':{'replicas':%d}}".formatted(replicas));
  }

  /** Deletes the ModelServer. */
  public void delete() {
    resource().delete();
  }

  /** The ModelServer as it is stored. */
  public Optional<ModelServer> find() {
    return Optional.ofNullable(resource().get());
  }

  private Resource<ModelServer> resource() {
    return client.resources(ModelServer.class).inNamespace(namespace).withName(NAME);
  }

  /** Waits until a condition of the current generation is True. */
  public void awaitTrue(String condition) {
    Await.until(condition + " in " + namespace, LIMIT, () -> isTrue(condition));
  }

  /** Whether a condition of the current generation is True. */
  public boolean isTrue(String condition) {
    return find()
        .filter(
            server ->
                server.getStatus() != null
                    && Objects.equals(
                        server.getStatus().observedGeneration(),
                        server.getMetadata().getGeneration()))
        .flatMap(server -> Conditions.find(Conditions.of(server.getStatus()), condition))
        .map(Condition::status)
        .filter("True"::equals)
        .isPresent();
  }
}
