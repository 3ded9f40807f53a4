package dev.modelserver.operator.resolve;

import static java.util.Objects.requireNonNullElse;

import dev.modelserver.operator.api.v1alpha1.Autoscaling;
import dev.modelserver.operator.api.v1alpha1.Disruption;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerSpec;
import dev.modelserver.operator.api.v1alpha1.RollbackPolicy;
import dev.modelserver.operator.api.v1alpha1.Rollout;
import dev.modelserver.operator.api.v1alpha1.SignaturePolicy;
import dev.modelserver.operator.names.Annotations;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.Resolution.Followed;
import dev.modelserver.operator.resolve.ResolvedModelServer.Monitor;
import dev.modelserver.operator.resolve.ResolvedModelServer.Network;
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
  static final int DEFAULT_CPU_UTILIZATION = 80;
  private static final String NO_MODEL = "spec.model is missing: name the ONNX file to serve";
  private static final int DEFAULT_DEADLINE_SECONDS = 300;
  private static final int LONGEST_DEADLINE_SECONDS = 24 * 60 * 60;

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
              Optional.empty(),
              held(primary)));
    }
    List<String> problems = new ArrayList<>();
    Workload workload = attempt(problems, () -> workload(primary, spec));
    ResolvedModelServer.Rollout rollout = attempt(problems, () -> rollout(spec.rollout()));
    Scaling scaling = attempt(problems, () -> scaling(spec));
    Service service = attempt(problems, () -> ServiceResolver.resolve(spec.service()));
    // A Service that cannot be read is a problem already.
    Exposure exposure =
        service == null ? null : attempt(problems, () -> ExposureResolver.resolve(spec, service));
    Optional<Monitor> monitor = attempt(problems, () -> MonitorResolver.resolve(spec.monitoring()));
    Optional<AlertRules> rules =
        attempt(
            problems,
            () -> AlertsResolver.resolve(spec.monitoring(), spec.autoscaling(), spec.server()));
    Optional<Network> network =
        attempt(problems, () -> NetworkResolver.resolve(spec.networkPolicy()));
    if (workload == null
        || rollout == null
        || scaling == null
        || service == null
        || exposure == null
        || monitor == null
        || rules == null
        || network == null) {
      return new Resolution.Rejected(
          List.copyOf(problems),
          new Followed(
              Optional.ofNullable(scaling),
              Optional.ofNullable(rollout),
              Optional.ofNullable(service),
              Optional.ofNullable(exposure),
              Optional.of(disruption(spec.disruption())),
              held(primary)));
    }
    return new Resolution.Accepted(
        new ResolvedModelServer(
            owner(primary),
            workload,
            scaling,
            rollout,
            service,
            exposure,
            monitor,
            rules,
            network,
            disruption(spec.disruption()),
            annotation(primary, Annotations.RETRY),
            annotation(primary, Annotations.ROLLBACK_TO).strip(),
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
        spec.service().orElseGet(() -> ServiceResolver.resolve(null)),
        spec.exposure().orElse(Exposure.NONE),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        spec.disruption().orElseGet(() -> disruption(null)),
        "",
        "",
        spec.held());
  }

  private Workload workload(ModelServer primary, ModelServerSpec spec) {
    if (spec.model() == null) {
      throw new IllegalArgumentException(NO_MODEL);
    }
    return WorkloadResolver.resolve(primary, spec, settings);
  }

  static Owner owner(ModelServer primary) {
    return new Owner(
        primary.getMetadata().getName(),
        primary.getMetadata().getNamespace(),
        primary.getMetadata().getUid());
  }

  private static boolean held(ModelServer primary) {
    return annotation(primary, Annotations.PAUSE_RECONCILIATION).equals("true");
  }

  static String annotation(ModelServer primary, String key) {
    Map<String, String> annotations = primary.getMetadata().getAnnotations();
    return annotations == null ? "" : requireNonNullElse(annotations.get(key), "");
  }

  private static <T> @Nullable T attempt(List<String> problems, Supplier<T> step) {
    try {
      return step.get();
    } catch (IllegalArgumentException e) {
      String problem = requireNonNullElse(e.getMessage(), e.toString());
      // What two parts of the spec depend on is one problem.
      if (!problems.contains(problem)) {
        problems.add(problem);
      }
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
        .withContainer(Names.SERVER)
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
    int deadline = requireNonNullElse(r.progressDeadlineSeconds(), DEFAULT_DEADLINE_SECONDS);
    if (deadline > LONGEST_DEADLINE_SECONDS) {
      throw new IllegalArgumentException(
          "spec.rollout.progressDeadlineSeconds %d must be at most %d (24 hours)"
              .formatted(deadline, LONGEST_DEADLINE_SECONDS));
    }
    // The API server refuses a Deployment with progressDeadlineSeconds <= minReadySeconds.
    if (deadline <= minReady) {
      throw new IllegalArgumentException(
          "spec.rollout.progressDeadlineSeconds %d must be more than spec.rollout.minReadySeconds %d"
              .formatted(deadline, minReady));
    }
    return new ResolvedModelServer.Rollout(
        requireNonNullElse(r.maxSurge(), new IntOrString(1)),
        requireNonNullElse(r.maxUnavailable(), new IntOrString(0)),
        minReady,
        Duration.ofSeconds(deadline),
        requireNonNullElse(r.rollbackPolicy(), RollbackPolicy.AUTOMATIC),
        requireNonNullElse(r.revisionHistoryLimit(), 10),
        requireNonNullElse(r.signaturePolicy(), SignaturePolicy.COMPATIBLE),
        requireNonNullElse(r.paused(), false));
  }

  private static ResolvedModelServer.Disruption disruption(@Nullable Disruption wanted) {
    Disruption d = wanted == null ? new Disruption(null, null) : wanted;
    return new ResolvedModelServer.Disruption(
        requireNonNullElse(d.maxUnavailable(), new IntOrString(1)),
        requireNonNullElse(d.enabled(), true));
  }
}
