package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.e2e.cluster.ModelServerClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A spec that the API server itself refuses, by schema or rule: nothing of it is ever stored.
 *
 * @param words that its answer must have
 * @param change sends the change
 */
record BadFields(String name, String words, Consumer<ModelServerClient> change) {

  static List<BadFields> all() {
    return List.of(
        field("URI of an unknown scheme", "must be https://", m -> uri(m, "ftp://host/m.onnx")),
        field(
            "URI with a password",
            "without a user or password",
            m -> uri(m, "https://me:secret@host/m.onnx")),
        field(
            "old form of a ConfigMap",
            "use spec.model.configMap {name, key}",
            m -> uri(m, "configmap://iris/model.onnx")),
        field("two sources", "exactly one source", m -> model(m).put("uri", "https://host/m.onnx")),
        field("blank URI", "must be https://", m -> uri(m, " ")),
        field("sha256 of a wrong length", "spec.model.sha256", m -> model(m).put("sha256", "12")),
        field("negative maxSize", "maxSize", m -> model(m).put("maxSize", "-")),
        field("misspelt field", "unknown field", m -> m.put("replica", 3)),
        field("negative replicas", "greater than or equal to 0", m -> m.put("replicas", -1)),
        field("text for a number", "must be of type integer", m -> m.put("replicas", "three")),
        field(
            "minReplicas above maxReplicas",
            "must not be above maxReplicas",
            m -> m.put("autoscaling", Map.of("minReplicas", 3, "maxReplicas", 2))),
        field(
            "port of gRPC",
            "port and grpc.port must differ",
            m -> m.put("service", Map.of("port", 9000))),
        field(
            "reserved environment variable",
            "is reserved",
            m ->
                m.put(
                    "server",
                    Map.of("env", List.of(Map.of("name", "MODELSERVER_X", "value", "1"))))),
        field(
            "a rollout that could never begin",
            "must not both be 0",
            m -> m.put("rollout", Map.of("maxSurge", 0, "maxUnavailable", 0))),
        new BadFields(
            "name of 300 characters",
            "must be no more than",
            iris ->
                new ModelServerClient(iris.cluster(), iris.namespace(), "a".repeat(300))
                    .create(BadModel.goodSpec())),
        new BadFields(
            "immutable change (metadata.name)",
            "does not match",
            iris -> iris.merge(Map.of("metadata", Map.of("name", "other")))));
  }

  BadModelTable.Row refusal(ModelServerClient iris) {
    long generation = iris.state().generation();
    Instant start = Instant.now();
    KubernetesClientException refused =
        catchThrowableOfType(KubernetesClientException.class, () -> change.accept(iris));
    Duration taken = Duration.between(start, Instant.now());

    assertThat(refused).as(name + " is refused").isNotNull();
    assertThat(refused.getCode()).as(name).isBetween(400, 422);
    assertThat(refused.getStatus().getMessage()).as(name).contains(words);
    assertThat(iris.state().generation()).as(name + " changed nothing").isEqualTo(generation);
    return new BadModelTable.Row(
        name,
        "HTTP " + refused.getCode() + " " + refused.getStatus().getReason(),
        refused.getStatus().getMessage(),
        taken,
        "never saw it",
        "nothing was stored",
        "nothing was stored");
  }

  private static BadFields field(String name, String words, Consumer<Map<String, Object>> spoil) {
    return new BadFields(
        name,
        words,
        iris -> {
          Map<String, Object> spec = BadModel.goodSpec();
          spoil.accept(spec);
          iris.replaceSpec(spec);
        });
  }

  private static Map<String, Object> model(Map<String, Object> spec) {
    return BadModel.model(spec);
  }

  private static void uri(Map<String, Object> spec, String uri) {
    BadModel.fetch(spec, uri);
  }
}
