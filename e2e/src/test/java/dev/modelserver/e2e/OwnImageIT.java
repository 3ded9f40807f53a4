package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.Evidence;
import dev.modelserver.e2e.cluster.ModelServerClient;
import dev.modelserver.e2e.cluster.Settings;
import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.load.LoadResult;
import dev.modelserver.e2e.load.OpenLoopLoad;
import dev.modelserver.e2e.model.IrisModel;
import io.fabric8.kubernetes.api.model.Container;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code spec.server.image} names an image of one's own: first only the image is new, then the
 * model comes out of it.
 */
@ClusterTest
class OwnImageIT {
  private static final String MODEL = "file:///models/iris.onnx";
  private static final int REPLICAS = 2;
  private static final int PER_SECOND = 50;
  private static final int A_WHILE = 5 * PER_SECOND;

  @Test
  void aNewImageRollsOutAndThenTheModelInsideIt() {
    String image = image();
    try (TestNamespace namespace = TestNamespace.create(Cluster.get(), "own-image")) {
      namespace.putModel(IrisModel.V1_0.configMap(), IrisModel.V1_0.bytes());
      ModelServerClient iris = namespace.modelServer("iris");
      iris.create(IrisModel.V1_0.spec(REPLICAS));
      iris.awaitReady();
      iris.awaitReadyPods(REPLICAS);
      assertThat(images(iris)).isNotEmpty().doesNotContain(image);
      OpenLoopLoad load = IrisModel.load(iris.predict(), PER_SECOND);
      String newImage;
      String model;
      try {
        load.awaitMore(A_WHILE);

        Map<String, Object> spec = IrisModel.V1_0.spec(REPLICAS);
        spec.put("server", Map.of("image", image));
        newImage = rollOut(iris, spec, IrisModel.V1_0, image);
        load.awaitMore(A_WHILE);

        Map<String, Object> inside = IrisModel.V1_1.spec(REPLICAS);
        inside.put("server", Map.of("image", image));
        BadModel.model(inside).remove("configMap");
        BadModel.model(inside).put("uri", MODEL);
        model = rollOut(iris, inside, IrisModel.V1_1, image);
        load.awaitMore(A_WHILE);
      } finally {
        load.stop();
      }
      LoadResult result = load.stop();

      Evidence.record(
          "own-image.md",
          "A new spec.server.image, and a model inside it",
          "image %s: revision %s; %s: revision %s; calls: %s%n"
              .formatted(image, newImage, MODEL, model, result));
      assertThat(result.failures()).as(result.toString()).isEmpty();
      assertThat(result.byDigest().keySet())
          .containsExactlyInAnyOrder(IrisModel.V1_0.digest(), IrisModel.V1_1.digest());
    }
  }

  /** Rolls a spec out; its revision. */
  private static String rollOut(
      ModelServerClient iris, Map<String, Object> spec, IrisModel model, String image) {
    String before = iris.deployedRevision();
    iris.replaceSpec(spec);
    assertThat(iris.awaitReady().status("/model/sha256")).isEqualTo(model.sha256());
    iris.awaitReadyPods(REPLICAS);
    assertThat(images(iris)).isNotEmpty().containsOnly(image);
    assertThat(iris.deployedRevision()).isNotEqualTo(before);
    return iris.deployedRevision();
  }

  /** Images of all containers of all pods. */
  private static List<String> images(ModelServerClient iris) {
    return iris.pods().stream()
        .flatMap(
            pod ->
                Stream.concat(
                    pod.getSpec().getInitContainers().stream(),
                    pod.getSpec().getContainers().stream()))
        .map(Container::getImage)
        .toList();
  }

  private static String image() {
    Settings settings = Cluster.get().settings();
    String remedy =
        "E2E_MODEL_IMAGE is not set: build src/test/images/own-model.Dockerfile, load it into the cluster's nodes and name it there";
    assumeTrue(settings.modelImage().isPresent() || settings.ci(), remedy);
    return settings.modelImage().orElseThrow(() -> new IllegalStateException(remedy));
  }
}
