package dev.modelserver.local.node;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the volumes of a pod: one directory each, ConfigMaps written out as files. */
final class Volumes {
  private final Function<String, @Nullable ConfigMap> configMaps;

  /**
   * @param configMaps finds a ConfigMap of the pod's namespace by its name; null when it is absent
   */
  Volumes(Function<String, @Nullable ConfigMap> configMaps) {
    this.configMaps = configMaps;
  }

  /**
   * Writes the volumes below a directory.
   *
   * @return the directory of each volume by the volume's name
   * @throws MountException when one cannot be mounted
   */
  Map<String, Path> materialize(List<Volume> volumes, Path directory)
      throws MountException, IOException {
    var directories = new HashMap<String, Path>();
    for (var volume : volumes) {
      var target = Files.createDirectories(directory.resolve(volume.getName()));
      try {
        write(volume, target);
      } catch (MountException failure) {
        throw new MountException(
            "MountVolume.SetUp failed for volume \""
                + volume.getName()
                + "\" : "
                + failure.getMessage());
      }
      directories.put(volume.getName(), target);
    }
    return directories;
  }

  private void write(Volume volume, Path target) throws MountException, IOException {
    if (volume.getConfigMap() != null) {
      writeConfigMap(volume.getConfigMap(), target);
    } else if (volume.getPersistentVolumeClaim() != null) {
      throw new MountException(
          "a local run has no volume claims: use a cluster for claim \""
              + volume.getPersistentVolumeClaim().getClaimName()
              + "\", or spec.model.configMap or spec.model.uri here");
    } else if (volume.getEmptyDir() == null) {
      throw new MountException(
          "a local run has only ConfigMap and emptyDir volumes: use a cluster");
    }
  }

  private void writeConfigMap(ConfigMapVolumeSource source, Path target)
      throws MountException, IOException {
    var optional = Boolean.TRUE.equals(source.getOptional());
    var configMap = configMaps.apply(source.getName());
    if (configMap == null) {
      if (optional) {
        return;
      }
      throw new MountException("configmap \"" + source.getName() + "\" not found");
    }
    for (var file : files(configMap).entrySet()) {
      write(target, file.getKey(), file.getValue());
    }
  }

  private static Map<String, byte[]> files(ConfigMap configMap) throws MountException {
    var files = new HashMap<String, byte[]>();
    if (configMap.getData() != null) {
      configMap
          .getData()
          .forEach((key, text) -> files.put(key, text.getBytes(StandardCharsets.UTF_8)));
    }
    if (configMap.getBinaryData() != null) {
      for (var entry : configMap.getBinaryData().entrySet()) {
        files.put(entry.getKey(), decoded(entry.getKey(), entry.getValue()));
      }
    }
    return files;
  }

  private static byte[] decoded(String key, String base64) throws MountException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new MountException("binaryData key " + key + " is not base64");
    }
  }

  private static void write(Path directory, String name, byte[] content)
      throws MountException, IOException {
    var file = directory.resolve(name).normalize();
    if (!file.startsWith(directory)) {
      throw new MountException("the path " + name + " leaves the volume");
    }
    Files.createDirectories(file.resolve("..").normalize());
    Files.write(file, content);
  }
}
