package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;

/** What a ModelServer may be in the middle of when all around it is deleted. */
enum LifeStage {
  READY("Ready"),
  /** One pod serves, the pod of the next revision waits for a ConfigMap. */
  ROLLING("ConfigMapNotFound"),
  AUTOSCALED("Ready"),
  /** Its preflight fails and is started again and again. */
  FIRST_START_FAILING("ChecksumMismatch"),
  /** Its pod waits for a ConfigMap. */
  FIRST_START_WAITING("ConfigMapNotFound"),
  ROLLOUT_PAUSED("RolloutPaused"),
  SCALED_TO_ZERO("ScaledToZero"),
  /** A Service of its name is somebody else's. */
  NAME_CONFLICT("NameConflict");

  private final String reason;

  LifeStage(String reason) {
    this.reason = reason;
  }

  /** Creates a ModelServer for each stage, and waits until each is there. */
  static void reach(TestNamespace namespace, Collection<LifeStage> stages) {
    namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
    stages.forEach(stage -> stage.create(namespace));
    stages.forEach(stage -> stage.await(namespace));
  }

  /** The ModelServer in this stage, which need not exist. */
  ModelServerClient in(TestNamespace namespace) {
    return namespace.modelServer(name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private void create(TestNamespace namespace) {
    Map<String, Object> spec = IrisModel.V1_0.spec(1);
    switch (this) {
      case READY, ROLLING -> {}
      case AUTOSCALED -> spec.put("autoscaling", Map.of("minReplicas", 1, "maxReplicas", 2));
      case FIRST_START_FAILING -> BadModel.model(spec).put("sha256", "0".repeat(64));
      case FIRST_START_WAITING -> BadModel.model(spec).put("configMap", absent());
      case ROLLOUT_PAUSED -> spec.put("rollout", Map.of("paused", true));
      case SCALED_TO_ZERO -> spec.put("replicas", 0);
      case NAME_CONFLICT -> {
        createService(namespace);
        spec.put("replicas", 0);
      }
    }
    in(namespace).create(spec);
  }

  private void await(TestNamespace namespace) {
    ModelServerClient modelServer = in(namespace);
    if (this == ROLLING) {
      modelServer.awaitReady();
      modelServer.merge(Map.of("spec", Map.of("model", Map.of("configMap", absent()))));
    }
    modelServer.await(reason, Duration.ofMinutes(2), state -> state.tells(reason));
  }

  private void createService(TestNamespace namespace) {
    namespace
        .cluster()
        .client()
        .services()
        .inNamespace(namespace.name())
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName(in(namespace).name())
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withPort(80)
                .endPort()
                .endSpec()
                .build())
        .create();
  }

  private static Map<String, Object> absent() {
    return Map.of("name", "absent", "key", "model.onnx");
  }
}
