package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.RollbackPolicy;
import dev.modelserver.operator.api.v1alpha1.ServiceType;
import dev.modelserver.operator.api.v1alpha1.SessionAffinity;
import dev.modelserver.operator.api.v1alpha1.SignaturePolicy;
import dev.modelserver.operator.names.Owner;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.openshift.api.model.monitoring.v1.RelabelConfig;
import io.fabric8.openshift.api.model.monitoring.v1.SafeAuthorization;
import io.fabric8.openshift.api.model.monitoring.v1.TLSConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A ModelServer with every default filled in.
 *
 * @param owner whose objects these are
 * @param workload what a revision is rendered from
 * @param scaling who decides the number of pods
 * @param rollout how a revision replaces another
 * @param service the Service in front of the pods
 * @param exposure how it is reached from outside the cluster
 * @param monitor the ServiceMonitor, if one is asked for
 * @param rules the alerts and the objective, if any are asked for
 * @param network the NetworkPolicy, if one is asked for
 * @param disruption how many pods an eviction may take away at a time
 * @param retryToken value of the annotation modelserver.dev/retry, empty if absent
 * @param rollbackTo value of the annotation modelserver.dev/rollback-to, empty if absent
 * @param held whether the annotation modelserver.dev/pause-reconciliation is true: nothing is
 *     written but the status
 */
public record ResolvedModelServer(
    Owner owner,
    Workload workload,
    Scaling scaling,
    Rollout rollout,
    Service service,
    Exposure exposure,
    Optional<Monitor> monitor,
    Optional<AlertRules> rules,
    Optional<Network> network,
    Disruption disruption,
    String retryToken,
    String rollbackTo,
    boolean held) {

  /** The same without hosts and paths that older ModelServers have. */
  public ResolvedModelServer without(List<HostClaim.Taken> taken) {
    return taken.isEmpty()
        ? this
        : new ResolvedModelServer(
            owner,
            workload,
            scaling,
            rollout,
            service,
            exposure.without(taken),
            monitor,
            rules,
            network,
            disruption,
            retryToken,
            rollbackTo,
            held);
  }

  /** Who decides the number of pods. */
  public sealed interface Scaling {
    /** The least number of pods that is ever wanted. */
    int floor();

    /** A fixed number of pods. */
    record Fixed(int replicas) implements Scaling {
      @Override
      public int floor() {
        return replicas;
      }
    }

    /** A HorizontalPodAutoscaler decides. */
    record Autoscaled(
        int minReplicas,
        int maxReplicas,
        List<MetricSpec> metrics,
        Optional<HorizontalPodAutoscalerBehavior> behavior)
        implements Scaling {
      @Override
      public int floor() {
        return minReplicas;
      }
    }
  }

  /** How a revision replaces another. */
  public record Rollout(
      IntOrString maxSurge,
      IntOrString maxUnavailable,
      int minReadySeconds,
      Duration progressDeadline,
      RollbackPolicy rollbackPolicy,
      int historyLimit,
      SignaturePolicy signaturePolicy,
      boolean paused) {
    /** Whether a revision that fails is replaced by the last good one. */
    public boolean rollsBack() {
      return rollbackPolicy == RollbackPolicy.AUTOMATIC;
    }

    /** Whether a new revision is compared with the signature of the last good one. */
    public boolean comparesSignatures() {
      return signaturePolicy == SignaturePolicy.COMPATIBLE;
    }
  }

  /**
   * How many pods an eviction may take away at a time.
   *
   * @param maxUnavailable that many; as many may be missing before the ModelServer is not ready
   * @param enabled whether a PodDisruptionBudget enforces it
   */
  public record Disruption(IntOrString maxUnavailable, boolean enabled) {}

  /**
   * The Service in front of the pods.
   *
   * @param labels of the headless one too
   * @param grpcPort empty: it has none
   * @param headless whether there is a second, headless Service
   */
  public record Service(
      ServiceType type,
      int port,
      SessionAffinity sessionAffinity,
      Map<String, String> annotations,
      Map<String, String> labels,
      Optional<Integer> grpcPort,
      boolean headless,
      Optional<String> loadBalancerClass,
      List<String> loadBalancerSourceRanges,
      Optional<String> externalTrafficPolicy,
      Optional<String> trafficDistribution,
      Optional<String> ipFamilyPolicy) {}

  /**
   * The NetworkPolicy of the pods.
   *
   * @param from who may call them; empty: the pods of their namespace
   * @param to what they may call besides DNS; empty: what model and traces need
   */
  public record Network(
      Optional<List<NetworkPolicyPeer>> from, Optional<List<NetworkPolicyPeer>> to) {}

  /** The ServiceMonitor that scrapes the pods. */
  public record Monitor(
      String interval,
      Map<String, String> labels,
      Optional<String> scrapeTimeout,
      List<RelabelConfig> relabelings,
      List<RelabelConfig> metricRelabelings,
      Optional<TLSConfig> tls,
      Optional<SafeAuthorization> authorization) {}
}
