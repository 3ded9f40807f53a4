package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Ports;
import dev.modelserver.operator.resolve.Workload;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The two containers of a pod: `preflight`, then `server`. */
final class Containers {
  /** Name of the variable with options of the JVM that starts; see {@link #processors}. */
  static final String JVM_OPTIONS = "JDK_JAVA_OPTIONS";

  /** A rollout that is given up early must not keep a slow start from ever ending. */
  private static final int LEAST_START = 300;

  private Containers() {}

  static Container preflight(Workload workload) {
    return common(workload, Names.PREFLIGHT)
        .withArgs("preflight")
        .withVolumeMounts(Volumes.preflightMounts(workload))
        .build();
  }

  /**
   * The container that serves.
   *
   * @param startup how long the revision may take to be rolled out
   */
  static Container server(Workload workload, Duration startup) {
    return common(workload, Names.SERVER)
        .withArgs("serve")
        .withPorts(
            port(Ports.HTTP, Ports.HTTP_NUMBER),
            port(Ports.GRPC, Ports.GRPC_NUMBER),
            port(Ports.MANAGEMENT, Ports.MANAGEMENT_NUMBER))
        // A start is judged by readiness itself, each second, so that a pod is ready as soon as it
        // can be.
        .withStartupProbe(
            probe("/ready", 1, Math.max(LEAST_START, Math.toIntExact(startup.toSeconds()))))
        .withLivenessProbe(probe("/health", 10, 3))
        .withReadinessProbe(probe("/ready", 5, 2))
        .withVolumeMounts(Volumes.serverMounts(workload))
        .build();
  }

  private static ContainerBuilder common(Workload workload, String name) {
    return new ContainerBuilder()
        .withName(name)
        .withImage(workload.image())
        .withImagePullPolicy(workload.imagePullPolicy())
        .withEnv(environment(workload))
        .withEnvFrom(workload.envFrom())
        .withResources(workload.resources())
        .withTerminationMessagePath("/dev/termination-log")
        // The last lines of a JVM that crashes or cannot start; nothing is written to the file
        // then.
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withSecurityContext(restricted());
  }

  private static List<EnvVar> environment(Workload workload) {
    List<EnvVar> env = new ArrayList<>();
    env.add(podName());
    env.addAll(workload.env());
    // Without a CPU limit a JVM counts the cores of the node.
    workload.processors().ifPresent(n -> env.add(new EnvVar(JVM_OPTIONS, processors(n), null)));
    // They read no other configuration, whatever somebody puts into the ConfigMap.
    env.add(new EnvVar("MODELSERVER_CONFIG_SHA256", ServerConfig.of(workload).sha256(), null));
    return env;
  }

  /** The one option of a JVM that is ever rendered. */
  static String processors(int count) {
    return "-XX:ActiveProcessorCount=" + count;
  }

  static EnvVar podName() {
    return new EnvVarBuilder()
        .withName("POD_NAME")
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath("metadata.name")
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  static SecurityContext restricted() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  private static ContainerPort port(String name, int number) {
    return new ContainerPortBuilder()
        .withName(name)
        .withContainerPort(number)
        .withProtocol("TCP")
        .build();
  }

  private static Probe probe(String path, int periodSeconds, int failureThreshold) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withNewPort(Ports.MANAGEMENT)
        .endHttpGet()
        .withPeriodSeconds(periodSeconds)
        .withTimeoutSeconds(5)
        .withFailureThreshold(failureThreshold)
        .build();
  }
}
