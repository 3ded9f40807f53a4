package dev.modelserver.local.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The environment of one container as a local process: what the template says, and the contract's
 * paths moved to where the volumes are on this machine.
 */
final class ContainerEnvironment {
  /** Paths of the contract between operator and server, by the variable that moves them. */
  private static final Map<String, String> CONTRACT_PATHS =
      Map.of(
          "MODELSERVER_CONFIG", "/etc/modelserver/config.json",
          "MODELSERVER_PIN", "/etc/modelserver-pin/sha256",
          "MODELSERVER_SOURCE_DIR", "/var/lib/modelserver/source",
          "MODELSERVER_MODEL_DIR", "/var/lib/modelserver/model");

  private ContainerEnvironment() {}

  /**
   * The variables.
   *
   * @param volumes directory of each volume by its name
   * @param absent a directory for the paths that the container mounts nothing at
   */
  static Map<String, String> of(
      Pod pod,
      Container container,
      Map<String, Path> volumes,
      Path absent,
      Path terminationLog,
      Ports ports) {
    var variables = new HashMap<String, String>();
    if (container.getEnv() != null) {
      for (var variable : container.getEnv()) {
        var value = value(variable, pod);
        if (value != null) {
          variables.put(variable.getName(), value);
        }
      }
    }
    CONTRACT_PATHS.forEach(
        (name, path) ->
            variables.put(
                name,
                local(variables.getOrDefault(name, path), container, volumes, absent).toString()));
    variables.put("MODELSERVER_TERMINATION_LOG", terminationLog.toString());
    variables.put("MODELSERVER_HTTP_PORT", Integer.toString(ports.http()));
    variables.put("MODELSERVER_GRPC_PORT", Integer.toString(ports.grpc()));
    variables.put("MODELSERVER_MANAGEMENT_PORT", Integer.toString(ports.management()));
    variables.putIfAbsent("POD_NAME", pod.getMetadata().getName());
    return variables;
  }

  /**
   * Where a path inside the container is on this machine: below the longest mount that holds it.
   */
  static Path local(String path, Container container, Map<String, Path> volumes, Path absent) {
    var inContainer = Path.of(path);
    var longest = Path.of("/");
    var found = absent.resolve(longest.relativize(inContainer));
    for (var mount : container.getVolumeMounts()) {
      var mountPath = Path.of(mount.getMountPath());
      var volume = volumes.get(mount.getName());
      if (volume != null
          && inContainer.startsWith(mountPath)
          && mountPath.getNameCount() > longest.getNameCount()) {
        longest = mountPath;
        var base = mount.getSubPath() == null ? volume : volume.resolve(mount.getSubPath());
        found = base.resolve(mountPath.relativize(inContainer)).normalize();
      }
    }
    return found;
  }

  private static @Nullable String value(EnvVar variable, Pod pod) {
    var source = variable.getValueFrom();
    if (source == null) {
      return variable.getValue() == null ? "" : variable.getValue();
    }
    if (source.getFieldRef() == null) {
      return null;
    }
    return switch (source.getFieldRef().getFieldPath()) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "status.podIP", "status.hostIP" -> "127.0.0.1";
      case "spec.nodeName" -> PodStatuses.NODE;
      default -> null;
    };
  }
}
