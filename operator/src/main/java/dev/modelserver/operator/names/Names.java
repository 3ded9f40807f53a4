package dev.modelserver.operator.names;

import java.util.List;
import java.util.Optional;

/**
 * Names of the objects of a ModelServer. The CRD limits its name to 50 characters, so that every
 * name here fits the 63 of a DNS label: 50 + 1 + 10 for a revision.
 */
public final class Names {
  /** Init container that fetches, verifies and reports. */
  public static final String PREFLIGHT = "preflight";

  /** Container that serves. */
  public static final String SERVER = "server";

  /** Volume of the configuration file: its ConfigMap tells the attempts of a revision apart. */
  public static final String CONFIG_VOLUME = "config";

  private Names() {}

  /**
   * Deployment, Service, HorizontalPodAutoscaler, PodDisruptionBudget, NetworkPolicy,
   * ServiceMonitor, PrometheusRule, Ingress and HTTPRoute.
   */
  public static String workload(Owner owner) {
    return owner.name();
  }

  /** Names by which clients in the cluster reach the Service, the most usual first. */
  public static List<String> hosts(Owner owner) {
    String name = "%s.%s".formatted(workload(owner), owner.namespace());
    return List.of(name + ".svc", name + ".svc.cluster.local", name, workload(owner));
  }

  /** ServiceAccount of the pods; suffixed, because `default` is taken in every namespace. */
  public static String serviceAccount(Owner owner) {
    return owner.name() + "-server";
  }

  /** The second Service, for clients that balance themselves. */
  public static String headless(Owner owner) {
    return owner.name() + "-headless";
  }

  /**
   * The GRPCRoute; suffixed, because Contour up to 1.33 reports on one route alone where two of
   * different kinds share a name.
   */
  public static String grpcRoute(Owner owner) {
    return owner.name() + "-grpc";
  }

  /** ControllerRevision and immutable ConfigMap of a revision. */
  public static String revision(Owner owner, String hash) {
    return owner.name() + "-" + hash;
  }

  /**
   * Immutable ConfigMap that the pods of a revision mount.
   *
   * @param attempt what tells a later attempt of the revision from the first; empty for the first
   */
  public static String config(Owner owner, String hash, Optional<String> attempt) {
    return revision(owner, hash) + attempt.map(a -> "-" + a).orElse("");
  }

  /** ConfigMap with the CA certificates that the operator's configuration adds. */
  public static String trust(Owner owner) {
    return owner.name() + "-trust";
  }

  /** ConfigMap that holds the digest a revision is pinned to. */
  public static String pin(Owner owner, String hash) {
    return revision(owner, hash) + "-pin";
  }
}
