package dev.modelserver.operator.desired;

import dev.modelserver.operator.resolve.ResolvedModelServer.Owner;
import dev.modelserver.operator.revision.Revision;

/**
 * Names of the objects of a ModelServer. The CRD limits its name to 50 characters, so that every
 * name here fits the 63 of a DNS label: 50 + 1 + 10 for a revision.
 */
public final class Names {
  /** Port of the data plane in template and Service. */
  public static final String HTTP = "http";

  /** Port of the gRPC data plane in template and Service. */
  public static final String GRPC = "grpc";

  /** Port of probes and metrics in the template. */
  public static final String MANAGEMENT = "management";

  private Names() {}

  /** Deployment, Service, HorizontalPodAutoscaler, PodDisruptionBudget and ServiceMonitor. */
  public static String workload(Owner owner) {
    return owner.name();
  }

  /** ServiceAccount of the pods; suffixed, because `default` is taken in every namespace. */
  public static String serviceAccount(Owner owner) {
    return owner.name() + "-server";
  }

  /** The second Service, for clients that balance themselves. */
  public static String headless(Owner owner) {
    return owner.name() + "-headless";
  }

  /** ControllerRevision and immutable ConfigMap of a revision. */
  public static String revision(Owner owner, String hash) {
    return owner.name() + "-" + hash;
  }

  /** Immutable ConfigMap that the pods of a revision mount. */
  public static String config(Owner owner, Revision revision) {
    return revision(owner, revision.hash()) + revision.attempt().map(a -> "-" + a).orElse("");
  }

  /** ConfigMap that holds the digest a revision is pinned to. */
  public static String pin(Owner owner, String hash) {
    return revision(owner, hash) + "-pin";
  }
}
