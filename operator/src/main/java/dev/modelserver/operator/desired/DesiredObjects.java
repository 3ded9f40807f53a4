package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.revision.Encryption;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlan;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.List;

/**
 * Every object a ModelServer wants, in the order they are applied.
 *
 * @param before what the Deployment's pods need: revisions, ConfigMaps, ServiceAccount,
 *     NetworkPolicy
 * @param deployment the Deployment
 * @param after what stands around the pods: Service, disruption budget, autoscaler
 * @param optional objects that no model needs: those that lead to it from outside, and of kinds
 *     that the cluster may lack
 * @param lasting what earlier revisions alone need: made where it is absent, left as it is
 *     otherwise
 * @param unwanted what the spec no longer asks for, by kind and name
 */
public record DesiredObjects(
    List<HasMetadata> before,
    Deployment deployment,
    List<HasMetadata> after,
    List<OptionalObject> optional,
    List<HasMetadata> lasting,
    List<HasMetadata> unwanted) {

  /** The records of the revisions that are kept. */
  public static List<ControllerRevision> records(Owner owner, RevisionPlan plan) {
    return plan.kept().stream()
        .map(revision -> DesiredRevisions.record(owner, revision, plan.current().hash()))
        .toList();
  }

  /**
   * What the last good revision needs beside a spec that cannot be rendered; its record stays as it
   * is.
   *
   * @param roots where an Ingress or a route leads from that names no path
   */
  public static DesiredObjects keeping(
      ResolvedModelServer around, Revision good, List<String> roots) {
    List<HasMetadata> before =
        DesiredRevisions.of(around.owner(), good, good.hash()).stream()
            .filter(object -> !(object instanceof ControllerRevision))
            .toList();
    List<HasMetadata> after = new ArrayList<>();
    if (PodTemplate.hasOwnAccount(around.owner(), good.template())) {
      after.add(DesiredServiceAccount.of(around));
    }
    Encryption encryption = Encryption.of(List.of(good.access()));
    after.add(DesiredService.of(around, encryption));
    DesiredService.headless(around, encryption).ifPresent(after::add);
    List<HasMetadata> unwanted = new ArrayList<>();
    budget(around, after, unwanted);
    DesiredAutoscaler.of(around).ifPresent(after::add);
    return new DesiredObjects(
        before,
        DesiredDeployment.of(around, good),
        List.copyOf(after),
        exposed(around, encryption, roots),
        List.of(),
        List.copyOf(unwanted));
  }

  /** All objects of the spec, with the template of the plan's target revision. */
  public static DesiredObjects of(ResolvedModelServer server, RevisionPlan plan) {
    List<HasMetadata> before = new ArrayList<>();
    plan.kept()
        .forEach(
            revision ->
                before.addAll(
                    DesiredRevisions.of(server.owner(), revision, plan.current().hash())));
    List<HasMetadata> lasting = new ArrayList<>();
    List<HasMetadata> unwanted = new ArrayList<>();
    account(server, plan, before, lasting, unwanted);
    DesiredTrust.of(server, plan.kept())
        .ifPresentOrElse(before::add, () -> unwanted.add(DesiredTrust.named(server.owner())));
    DesiredNetworkPolicy.of(server, plan.kept())
        .ifPresentOrElse(
            before::add, () -> unwanted.add(DesiredNetworkPolicy.named(server.owner())));
    List<HasMetadata> after = new ArrayList<>();
    after.add(DesiredService.of(server, plan.encryption()));
    DesiredService.headless(server, plan.encryption())
        .ifPresentOrElse(
            after::add, () -> unwanted.add(DesiredService.headlessNamed(server.owner())));
    budget(server, after, unwanted);
    DesiredAutoscaler.of(server).ifPresent(after::add);
    return new DesiredObjects(
        List.copyOf(before),
        DesiredDeployment.of(server, plan.target()),
        List.copyOf(after),
        optional(server, plan),
        List.copyOf(lasting),
        List.copyOf(unwanted));
  }

  private static List<OptionalObject> optional(ResolvedModelServer server, RevisionPlan plan) {
    Encryption encryption = plan.encryption();
    List<OptionalObject> all = new ArrayList<>(exposed(server, encryption, plan.roots()));
    all.add(
        new OptionalObject(
            DesiredServiceMonitor.named(server.owner()),
            DesiredServiceMonitor.of(server, encryption),
            ConditionType.MONITORING));
    all.add(
        new OptionalObject(
            DesiredPrometheusRule.named(server.owner()),
            DesiredPrometheusRule.of(server),
            ConditionType.MONITORING));
    return List.copyOf(all);
  }

  /** What leads to the Service from outside the cluster. */
  private static List<OptionalObject> exposed(
      ResolvedModelServer server, Encryption encryption, List<String> roots) {
    return List.of(
        new OptionalObject(
            DesiredIngress.named(server.owner()),
            DesiredIngress.of(server, roots),
            ConditionType.EXPOSED),
        new OptionalObject(
            DesiredRoutes.httpNamed(server.owner()),
            DesiredRoutes.http(server, roots),
            ConditionType.EXPOSED),
        new OptionalObject(
            DesiredRoutes.grpcNamed(server.owner()),
            DesiredRoutes.grpc(server),
            ConditionType.EXPOSED),
        new OptionalObject(
            DesiredTlsPolicy.named(server.owner()),
            DesiredTlsPolicy.of(server, encryption),
            ConditionType.EXPOSED));
  }

  private static void budget(
      ResolvedModelServer server, List<HasMetadata> after, List<HasMetadata> unwanted) {
    DesiredDisruptionBudget.of(server)
        .ifPresentOrElse(
            after::add, () -> unwanted.add(DesiredDisruptionBudget.named(server.owner())));
  }

  /** Our own account; beside one of the user's, as long as a kept revision may need it again. */
  private static void account(
      ResolvedModelServer server,
      RevisionPlan plan,
      List<HasMetadata> before,
      List<HasMetadata> lasting,
      List<HasMetadata> unwanted) {
    ServiceAccount ours = DesiredServiceAccount.of(server);
    if (server.workload().pod().serviceAccountName().isEmpty()) {
      before.add(ours);
    } else if (plan.kept().stream()
        .anyMatch(r -> PodTemplate.hasOwnAccount(server.owner(), r.template()))) {
      // Its annotations are those of the revisions that it is for, which the spec has no more.
      lasting.add(ours);
    } else {
      unwanted.add(ours);
    }
  }
}
