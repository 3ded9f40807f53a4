package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.resolve.Placement;
import dev.modelserver.operator.resolve.ReservedVariables;
import dev.modelserver.operator.resolve.Restricted;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.EnvVarSourceBuilder;
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
import org.jspecify.annotations.Nullable;

/**
 * Whether the operator could have rendered a pod template: its containers, its security settings,
 * its kinds of volumes. One out of a record that somebody wrote may be anything.
 */
public final class RenderableTemplate {
  private static final Set<String> VOLUMES =
      Set.of("config", "pin", "model", "tmp", "source", Volumes.TRUST, Volumes.DEFAULT_TRUST);

  /** Those of Secrets. */
  private static final Set<String> SECRETS =
      Set.of(Volumes.TLS, Volumes.TOKENS, Volumes.CREDENTIALS);

  /** Those that the serving container never has. */
  private static final Set<String> OF_PREFLIGHT =
      Set.of(Volumes.SOURCE, Volumes.CREDENTIALS, Volumes.TRUST, Volumes.DEFAULT_TRUST);

  /** Those that are never mounted to be written. */
  private static final Set<String> READ_ONLY =
      Set.of(
          Volumes.SOURCE,
          Volumes.TLS,
          Volumes.TOKENS,
          Volumes.CREDENTIALS,
          Volumes.TRUST,
          Volumes.DEFAULT_TRUST);

  private static final List<String> LOADERS = List.of("JAVA_", "_JAVA_", "JDK_JAVA_", "LD_");
  private static final Pattern JVM_OPTIONS =
      Pattern.compile("-XX:ActiveProcessorCount=[1-9][0-9]{0,3}");

  private RenderableTemplate() {}

  /** Whether a template is one. */
  public static boolean of(PodTemplateSpec template) {
    PodSpec spec = template.getSpec();
    return spec != null
        && isolated(spec)
        && spec.getVolumes().stream().allMatch(RenderableTemplate::allowed)
        && only(spec.getInitContainers(), Names.PREFLIGHT, "preflight")
        && only(spec.getContainers(), Names.SERVER, "serve")
        && Optional.ofNullable(template.getMetadata().getAnnotations())
            .orElse(Map.of())
            .keySet()
            .stream()
            .noneMatch(Placement::confines);
  }

  private static boolean isolated(PodSpec spec) {
    return named(spec.getServiceAccountName())
        && Boolean.FALSE.equals(spec.getAutomountServiceAccountToken())
        && !Boolean.TRUE.equals(spec.getHostNetwork())
        && !Boolean.TRUE.equals(spec.getHostPID())
        && !Boolean.TRUE.equals(spec.getHostIPC())
        && !Boolean.TRUE.equals(spec.getShareProcessNamespace())
        && spec.getNodeName() == null
        && !Boolean.FALSE.equals(spec.getHostUsers())
        && spec.getResourceClaims().isEmpty()
        && spec.getEphemeralContainers().isEmpty()
        && spec.getSecurityContext() != null
        && Restricted.allows(spec.getSecurityContext())
        && PodTemplate.restricted(spec.getSecurityContext()).equals(spec.getSecurityContext());
  }

  /** A ConfigMap, an empty folder, a claim with the model, or one of the known Secrets. */
  private static boolean allowed(Volume volume) {
    if (SECRETS.contains(volume.getName())) {
      return volume.getSecret() != null
          && volume.equals(
              new VolumeBuilder()
                  .withName(volume.getName())
                  .withSecret(volume.getSecret())
                  .build());
    }
    return VOLUMES.contains(volume.getName())
        && (volume.getPersistentVolumeClaim() == null || volume.getName().equals(Volumes.SOURCE))
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
        && container.getEnvFrom().stream().allMatch(RenderableTemplate::prefixed)
        && container.getEnv().stream().allMatch(RenderableTemplate::known)
        && container.getEnv().stream().allMatch(RenderableTemplate::loadsNothing)
        && container.getVolumeDevices().isEmpty()
        && container.getVolumeMounts().stream()
            .filter(mount -> READ_ONLY.contains(mount.getName()))
            .allMatch(mount -> Boolean.TRUE.equals(mount.getReadOnly()))
        && (name.equals(Names.PREFLIGHT)
            || container.getVolumeMounts().stream()
                .noneMatch(mount -> OF_PREFLIGHT.contains(mount.getName())))
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

  /** A value, the pod's name, or what a spec may name as the source of an unreserved variable. */
  private static boolean known(EnvVar variable) {
    EnvVarSource from = variable.getValueFrom();
    return from == null
        || variable.equals(Containers.podName())
        || (!ReservedVariables.has(variable.getName())
            && from.equals(
                new EnvVarSourceBuilder()
                    .withSecretKeyRef(from.getSecretKeyRef())
                    .withConfigMapKeyRef(from.getConfigMapKeyRef())
                    .withFieldRef(from.getFieldRef())
                    .withResourceFieldRef(from.getResourceFieldRef())
                    .build()));
  }

  /** No key becomes a reserved variable. */
  private static boolean prefixed(EnvFromSource source) {
    return named(source.getPrefix())
        && !ReservedVariables.reachableFrom(source.getPrefix())
        && source.equals(
            new EnvFromSourceBuilder()
                .withPrefix(source.getPrefix())
                .withConfigMapRef(source.getConfigMapRef())
                .withSecretRef(source.getSecretRef())
                .build());
  }

  private static boolean named(@Nullable String name) {
    return name != null && !name.isEmpty();
  }

  /** A variable of the linker or the JVM could load somebody's code: one option is ours. */
  private static boolean loadsNothing(EnvVar variable) {
    return variable.getName().equals(Containers.JVM_OPTIONS)
        ? variable.getValue() != null && JVM_OPTIONS.matcher(variable.getValue()).matches()
        : LOADERS.stream().noneMatch(variable.getName()::startsWith);
  }
}
