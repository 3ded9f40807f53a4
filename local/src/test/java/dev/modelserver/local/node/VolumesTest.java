package dev.modelserver.local.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSourceFluent;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumesTest {
  private static final Map<String, ConfigMap> CONFIG_MAPS =
      Map.of(
          "model",
          new ConfigMapBuilder()
              .addToBinaryData("model.onnx", "AAEC/w==")
              .addToData("notes", "größer")
              .build(),
          "outside",
          new ConfigMapBuilder().addToData("../x", "").build(),
          "broken",
          new ConfigMapBuilder().addToBinaryData("model.onnx", "not base64!").build());

  private final Volumes volumes = new Volumes(CONFIG_MAPS::get);
  @TempDir private Path directory;

  @Test
  void writesTextAndBytesOfAConfigMap() throws Exception {
    var place = mount(configMap("model", source -> {}));
    assertThat(Files.readAllBytes(place.resolve("model.onnx"))).containsExactly(0, 1, 2, 255);
    assertThat(Files.readString(place.resolve("notes"))).isEqualTo("größer");
  }

  @Test
  void anEmptyDirIsAnEmptyDirectory() throws Exception {
    var volume = new VolumeBuilder().withName("scratch").withNewEmptyDir().endEmptyDir().build();

    assertThat(volumes.materialize(List.of(volume), directory).get("scratch")).isEmptyDirectory();
  }

  @Test
  void anOptionalConfigMapMayBeAbsent() throws Exception {
    var volume = configMap("absent", source -> source.withOptional(true));

    assertThat(volumes.materialize(List.of(volume), directory).get("volume")).isEmptyDirectory();
  }

  @Test
  void aMissingConfigMapIsTheKubeletsSentence() {
    refused(
        configMap("absent", source -> {}),
        "MountVolume.SetUp failed for volume \"volume\" : configmap \"absent\" not found");
  }

  @Test
  void aPathOutsideTheVolumeIsRefused() {
    refused(
        configMap("outside", source -> {}),
        "MountVolume.SetUp failed for volume \"volume\" : the path ../x leaves the volume");
    assertThat(directory.resolve("x")).doesNotExist();
  }

  @Test
  void aVolumeClaimIsRefusedWithARemedy() {
    var volume =
        new VolumeBuilder()
            .withName("volume")
            .withNewPersistentVolumeClaim()
            .withClaimName("models")
            .endPersistentVolumeClaim()
            .build();

    refused(
        volume,
        "MountVolume.SetUp failed for volume \"volume\" : a local run has no volume claims: use a "
            + "cluster for claim \"models\", or spec.model.configMap or spec.model.uri here");
  }

  private Path mount(Volume volume) throws Exception {
    return Objects.requireNonNull(
        volumes.materialize(List.of(volume), directory).get(volume.getName()));
  }

  private void refused(Volume volume, String message) {
    assertThatThrownBy(() -> volumes.materialize(List.of(volume), directory))
        .isInstanceOf(MountException.class)
        .hasMessage(message);
  }

  private static Volume configMap(String name, Consumer<ConfigMapVolumeSourceFluent<?>> change) {
    var source = new ConfigMapVolumeSourceBuilder().withName(name);
    change.accept(source);
    return new VolumeBuilder().withName("volume").withConfigMap(source.build()).build();
  }
}
