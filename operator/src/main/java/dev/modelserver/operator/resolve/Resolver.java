package dev.modelserver.operator.resolve;

import static java.util.Objects.requireNonNullElse;

import dev.modelserver.operator.api.v1alpha1.Autoscaling;
import dev.modelserver.operator.api.v1alpha1.Disruption;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerSpec;
import dev.modelserver.operator.api.v1alpha1.Monitoring;
import dev.modelserver.operator.api.v1alpha1.Rollout;
import dev.modelserver.operator.api.v1alpha1.ServiceMonitorOptions;
import dev.modelserver.operator.api.v1alpha1.ServiceOptions;
import dev.modelserver.operator.api.v1alpha1.ServiceType;
import dev.modelserver.operator.api.v1alpha1.SessionAffinity;
import dev.modelserver.operator.resolve.Resolution.Followed;
import dev.modelserver.operator.resolve.ResolvedModelServer.Monitor;
import dev.modelserver.operator.resolve.ResolvedModelServer.Owner;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import dev.modelserver.operator.resolve.ResolvedModelServer.Service;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpecBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Fills in every default and collects every problem of a spec; pure. */
public final class Resolver {
  /** Annotation whose change renders and rolls out the same spec anew. */
  public static final String RESTART = "modelserver.dev/restart";

  /** Annotation whose change tries a rolled-back revision again. */
  public static final String RETRY = "modelserver.dev/retry";

  /** Annotation that names the number of the revision to run instead of the spec's. */
  public static final String ROLLBACK_TO = "modelserver.dev/rollback-to";

  /** Annotation that, as {@code true}, lets the operator write nothing but the status. */
  public static final String PAUSE_RECONCILIATION = "modelserver.dev/pause-reconciliation";

  static final int DEFAULT_CPU_UTILIZATION = 80;
  private static final String SERVER_CONTAINER = "server";
  private static final String NO_MODEL = "spec.model.uri is missing: name the ONNX file to serve";
  private static final int GRPC_PORT = 9000;
  private static final Duration LONGEST_DEADLINE = Duration.ofHours(24);

  private final Settings settings;

  /** What the operator's configuration contributes to a resolved spec. */
  public record Settings(
      String defaultImage,
      ModelHosts modelHosts,
      Duration drainDelay,
      Optional<Quantity> maxModelSize,
      List<String> podLabelPrefixes,
      ModelDefaults modelDefaults) {}

  public Resolver(Settings settings) {
    this.settings = settings;
  }

  /** Resolves a ModelServer; never throws for anything a user wrote. */
  public Resolution resolve(ModelServer primary) {
    ModelServerSpec spec = primary.getSpec();
    String unreadable = primary.unreadable();
    if (spec == null || unreadable != null) {
      return new Resolution.Rejected(
          List.of(requireNonNullElse(unreadable, NO_MODEL)),
          new Followed(
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              held(primary)));
    }
    List<String> problems = new ArrayList<>();
    Workload workload = attempt(problems, () -> workload(primary, spec));
    ResolvedModelServer.Rollout rollout = attempt(problems, () -> rollout(spec.rollout()));
    Scaling scaling = attempt(problems, () -> scaling(spec));
    Service service = attempt(problems, () -> service(spec.service()));
    if (workload == null || rollout == null || scaling == null || service == null) {
      return new Resolution.Rejected(
          List.copyOf(problems),
          new Followed(
              Optional.ofNullable(scaling),
              Optional.ofNullable(rollout),
              Optional.ofNullable(service),
              Optional.of(maxUnavailable(spec.disruption())),
              held(primary)));
    }
    return new Resolution.Accepted(
        new ResolvedModelServer(
            owner(primary),
            workload,
            scaling,
            rollout,
            service,
            monitor(spec.monitoring()),
            maxUnavailable(spec.disruption()),
            annotation(primary, RETRY),
            annotation(primary, ROLLBACK_TO).strip(),
            held(primary)));
  }

  /**
   * What stands around a revision where a spec cannot be rendered: as far as it can be read, and
   * otherwise by default.
   *
   * @param scaling where the spec's cannot be read
   */
  public static ResolvedModelServer around(ModelServer primary, Followed spec, Scaling scaling) {
    return new ResolvedModelServer(
        owner(primary),
        Workload.NONE,
        spec.scaling().orElse(scaling),
        spec.rollout().orElseGet(() -> rollout(null)),
        spec.service().orElseGet(() -> service(null)),
        Optional.empty(),
        spec.maxUnavailable().orElseGet(() -> maxUnavailable(null)),
        "",
        "",
        spec.held());
  }

  private Workload workload(ModelServer primary, ModelServerSpec spec) {
    if (spec.model() == null || spec.model().uri() == null) {
      throw new IllegalArgumentException(NO_MODEL);
    }
    return WorkloadResolver.resolve(primary, spec, settings);
  }

  private static Owner owner(ModelServer primary) {
    return new Owner(
        primary.getMetadata().getName(),
        primary.getMetadata().getNamespace(),
        primary.getMetadata().getUid());
  }

  private static boolean held(ModelServer primary) {
    return annotation(primary, PAUSE_RECONCILIATION).equals("true");
  }

  static String annotation(ModelServer primary, String key) {
    Map<String, String> annotations = primary.getMetadata().getAnnotations();
    return annotations == null ? "" : requireNonNullElse(annotations.get(key), "");
  }

  private static <T> @Nullable T attempt(List<String> problems, Supplier<T> step) {
    try {
      return step.get();
    } catch (IllegalArgumentException e) {
      problems.add(requireNonNullElse(e.getMessage(), e.toString()));
      return null;
    }
  }

  private static Scaling scaling(ModelServerSpec spec) {
    Autoscaling wanted = spec.autoscaling();
    if (wanted == null) {
      return new Scaling.Fixed(requireNonNullElse(spec.replicas(), 1));
    }
    List<MetricSpec> metrics = new ArrayList<>();
    boolean nothingNamed =
        wanted.cpuUtilization() == null
            && wanted.memoryUtilization() == null
            && (wanted.metrics() == null || wanted.metrics().isEmpty());
    if (wanted.cpuUtilization() != null || nothingNamed) {
      metrics.add(
          utilization("cpu", requireNonNullElse(wanted.cpuUtilization(), DEFAULT_CPU_UTILIZATION)));
    }
    if (wanted.memoryUtilization() != null) {
      metrics.add(utilization("memory", wanted.memoryUtilization()));
    }
    metrics.addAll(Typed.list("spec.autoscaling.metrics", wanted.metrics(), MetricSpec.class));
    return new Scaling.Autoscaled(
        requireNonNullElse(wanted.minReplicas(), 1),
        wanted.maxReplicas(),
        List.copyOf(metrics),
        Typed.read(
            "spec.autoscaling.behavior", wanted.behavior(), HorizontalPodAutoscalerBehavior.class));
  }

  /** Of the server alone, so that a container that somebody injects does not count. */
  private static MetricSpec utilization(String resource, int percent) {
    return new MetricSpecBuilder()
        .withType("ContainerResource")
        .withNewContainerResource()
        .withContainer(SERVER_CONTAINER)
        .withName(resource)
        .withNewTarget()
        .withType("Utilization")
        .withAverageUtilization(percent)
        .endTarget()
        .endContainerResource()
        .build();
  }

  private static ResolvedModelServer.Rollout rollout(@Nullable Rollout wanted) {
    Rollout r =
        wanted == null ? new Rollout(null, null, null, null, null, null, null, null) : wanted;
    int minReady = requireNonNullElse(r.minReadySeconds(), 0);
    Duration deadline =
        Durations.parse(
            "spec.rollout.progressDeadline", requireNonNullElse(r.progressDeadline(), "5m"));
    if (deadline.compareTo(LONGEST_DEADLINE) > 0) {
      throw new IllegalArgumentException(
          "spec.rollout.progressDeadline \"%s\" must be at most 24h"
              .formatted(r.progressDeadline()));
    }
    // The API server refuses a Deployment with progressDeadlineSeconds <= minReadySeconds.
    if (deadline.toSeconds() <= minReady) {
      throw new IllegalArgumentException(
          "spec.rollout.progressDeadline %ss must be longer than minReadySeconds %d"
              .formatted(deadline.toSeconds(), minReady));
    }
    return new ResolvedModelServer.Rollout(
        requireNonNullElse(r.maxSurge(), new IntOrString(1)),
        requireNonNullElse(r.maxUnavailable(), new IntOrString(0)),
        minReady,
        deadline,
        requireNonNullElse(r.autoRollback(), true),
        requireNonNullElse(r.revisionHistoryLimit(), 10),
        requireNonNullElse(r.allowBreakingSignature(), false),
        requireNonNullElse(r.paused(), false));
  }

  private static Service service(@Nullable ServiceOptions wanted) {
    ServiceOptions s = wanted == null ? new ServiceOptions(null, null, null, null) : wanted;
    int port = requireNonNullElse(s.port(), 80);
    if (port == GRPC_PORT) {
      throw new IllegalArgumentException(
          "spec.service.port 9000 is the gRPC port: choose another for HTTP, for example 80");
    }
    return new Service(
        requireNonNullElse(s.type(), ServiceType.CLUSTER_IP),
        port,
        requireNonNullElse(s.sessionAffinity(), SessionAffinity.NONE),
        requireNonNullElse(s.annotations(), Map.of()));
  }

  private static Optional<Monitor> monitor(@Nullable Monitoring wanted) {
    if (wanted == null || wanted.serviceMonitor() == null) {
      return Optional.empty();
    }
    ServiceMonitorOptions m = wanted.serviceMonitor();
    return Optional.of(
        new Monitor(
            requireNonNullElse(m.interval(), "15s"), requireNonNullElse(m.labels(), Map.of())));
  }

  private static IntOrString maxUnavailable(@Nullable Disruption wanted) {
    return wanted == null || wanted.maxUnavailable() == null
        ? new IntOrString(1)
        : wanted.maxUnavailable();
  }
}
