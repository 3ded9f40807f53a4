package dev.modelserver.operator.desired;

import dev.modelserver.operator.resolve.Placement;
import dev.modelserver.operator.resolve.ResolvedModelServer.Owner;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether the operator could have rendered a pod template: its containers, its account, its
 * security settings, its kinds of volumes. One out of a record that somebody wrote may be anything.
 */
public final class RenderableTemplate {
  private static final Set<String> VOLUMES = Set.of("config", "pin", "model", "tmp", "source");

  private static final List<String> LOADERS = List.of("JAVA_", "_JAVA_", "JDK_JAVA_", "LD_");
  private static final Pattern JVM_OPTIONS =
      Pattern.compile("-XX:ActiveProcessorCount=[1-9][0-9]{0,3}");

  private RenderableTemplate() {}

  /** Of a ModelServer. */
  public static boolean of(Owner owner, PodTemplateSpec template) {
    PodSpec spec = template.getSpec();
    return spec != null
        && isolated(owner, spec)
        && spec.getVolumes().stream().allMatch(RenderableTemplate::allowed)
        && only(spec.getInitContainers(), Containers.PREFLIGHT, "preflight")
        && only(spec.getContainers(), Containers.SERVER, "serve")
        && Optional.ofNullable(template.getMetadata().getAnnotations())
            .orElse(Map.of())
            .keySet()
            .stream()
            .noneMatch(Placement::confines);
  }

  private static boolean isolated(Owner owner, PodSpec spec) {
    return Names.serviceAccount(owner).equals(spec.getServiceAccountName())
        && Boolean.FALSE.equals(spec.getAutomountServiceAccountToken())
        && !Boolean.TRUE.equals(spec.getHostNetwork())
        && !Boolean.TRUE.equals(spec.getHostPID())
        && !Boolean.TRUE.equals(spec.getHostIPC())
        && !Boolean.TRUE.equals(spec.getShareProcessNamespace())
        && spec.getRuntimeClassName() == null
        && spec.getNodeName() == null
        && !Boolean.FALSE.equals(spec.getHostUsers())
        && spec.getResourceClaims().isEmpty()
        && spec.getEphemeralContainers().isEmpty()
        && PodTemplate.restricted().equals(spec.getSecurityContext());
  }

  /** A ConfigMap, a claim or an empty folder, and nothing else. */
  private static boolean allowed(Volume volume) {
    return VOLUMES.contains(volume.getName())
        && volume.equals(
            new VolumeBuilder()
                .withName(volume.getName())
                .withConfigMap(volume.getConfigMap())
                .withEmptyDir(volume.getEmptyDir())
                .withPersistentVolumeClaim(volume.getPersistentVolumeClaim())
                .build());
  }

  private static boolean only(List<Container> containers, String name, String argument) {
    if (containers.size() != 1) {
      return false;
    }
    Container container = containers.getFirst();
    return container.getName().equals(name)
        && container.getCommand().isEmpty()
        && container.getArgs().equals(List.of(argument))
        && Containers.restricted().equals(container.getSecurityContext())
        && container.getEnvFrom().isEmpty()
        && container.getEnv().stream().allMatch(RenderableTemplate::plain)
        && container.getEnv().stream().allMatch(RenderableTemplate::loadsNothing)
        && container.getVolumeDevices().isEmpty()
        && container.getLifecycle() == null
        && Stream.of(
                container.getStartupProbe(),
                container.getLivenessProbe(),
                container.getReadinessProbe())
            .filter(Objects::nonNull)
            .allMatch(RenderableTemplate::asksThePod)
        && container.getPorts().stream().allMatch(port -> port.getHostPort() == null);
  }

  /** A probe could run a command, or have the kubelet call another host from its node. */
  private static boolean asksThePod(Probe probe) {
    return probe.getHttpGet() != null && probe.getHttpGet().getHost() == null;
  }

  /** A variable of the linker or the JVM could load somebody's code: one option is ours. */
  private static boolean loadsNothing(EnvVar variable) {
    return variable.getName().equals(Containers.JVM_OPTIONS)
        ? variable.getValue() != null && JVM_OPTIONS.matcher(variable.getValue()).matches()
        : LOADERS.stream().noneMatch(variable.getName()::startsWith);
  }

  /** The user's variables have values; only the pod's name is looked up. */
  private static boolean plain(EnvVar variable) {
    return variable.getValueFrom() == null || variable.equals(Containers.podName());
  }
}
