package dev.modelserver.local.node;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerEnvironmentTest {
  private static final Map<String, Path> VOLUMES =
      Map.of("config", Path.of("/v/config"), "source", Path.of("/v/source"));
  private static final Pod POD =
      new PodBuilder()
          .withNewMetadata()
          .withName("iris-1")
          .withNamespace("ns")
          .endMetadata()
          .build();

  private final Container container =
      new ContainerBuilder()
          .addNewVolumeMount()
          .withName("config")
          .withMountPath("/etc/modelserver")
          .endVolumeMount()
          .addNewVolumeMount()
          .withName("source")
          .withMountPath("/var/lib/modelserver/source")
          .endVolumeMount()
          .addNewEnv()
          .withName("LEVEL")
          .withValue("high")
          .endEnv()
          .addNewEnv()
          .withName("NAMESPACE")
          .withNewValueFrom()
          .withNewFieldRef()
          .withFieldPath("metadata.namespace")
          .endFieldRef()
          .endValueFrom()
          .endEnv()
          .build();

  @Test
  void movesTheContractsPathsToTheVolumes() {
    var variables =
        new HashMap<>(
            ContainerEnvironment.of(
                POD,
                container,
                VOLUMES,
                Path.of("/v/absent"),
                Path.of("/v/log"),
                new Ports(1000, 1002, 1001)));

    assertThat(variables)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                entry("LEVEL", "high"),
                entry("NAMESPACE", "ns"),
                entry("POD_NAME", "iris-1"),
                entry("MODELSERVER_CONFIG", "/v/config/config.json"),
                entry("MODELSERVER_SOURCE_DIR", "/v/source"),
                entry("MODELSERVER_PIN", "/v/absent/etc/modelserver-pin/sha256"),
                entry("MODELSERVER_MODEL_DIR", "/v/absent/var/lib/modelserver/model"),
                entry("MODELSERVER_TERMINATION_LOG", "/v/log"),
                entry("MODELSERVER_HTTP_PORT", "1000"),
                entry("MODELSERVER_GRPC_PORT", "1002"),
                entry("MODELSERVER_MANAGEMENT_PORT", "1001")));
  }

  @Test
  void theLongestMountHoldsAPath() {
    var nested =
        container
            .edit()
            .addNewVolumeMount()
            .withName("config")
            .withMountPath("/var/lib/modelserver/source/deep")
            .withSubPath("sub")
            .endVolumeMount()
            .build();

    assertThat(
            ContainerEnvironment.local(
                "/var/lib/modelserver/source/deep/x", nested, VOLUMES, Path.of("/v/absent")))
        .isEqualTo(Path.of("/v/config/sub/x"));
  }
}
