package dev.modelserver.operator.desired;

import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.ResolvedModelServer.Owner;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlan;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every object a ModelServer wants, in the order they are applied.
 *
 * @param before what the Deployment's pods need: revisions, ConfigMaps, ServiceAccount
 * @param deployment the Deployment
 * @param after what stands around the pods: Service, disruption budget, autoscaler
 * @param monitor the ServiceMonitor; kept apart, because its CRD may be absent
 */
public record DesiredObjects(
    List<HasMetadata> before,
    Deployment deployment,
    List<HasMetadata> after,
    Optional<ServiceMonitor> monitor) {

  /** The records of the revisions that are kept. */
  public static List<ControllerRevision> records(Owner owner, RevisionPlan plan) {
    return plan.kept().stream()
        .map(revision -> DesiredRevisions.record(owner, revision, plan.current().hash()))
        .toList();
  }

  /**
   * What the last good revision needs beside a spec that cannot be rendered; its record stays as it
   * is.
   */
  public static DesiredObjects keeping(ResolvedModelServer around, Revision good) {
    List<HasMetadata> before =
        DesiredRevisions.of(around.owner(), good, good.hash()).stream()
            .filter(object -> !(object instanceof ControllerRevision))
            .toList();
    List<HasMetadata> after = new ArrayList<>();
    after.add(DesiredServiceAccount.of(around));
    after.add(DesiredService.of(around));
    DesiredDisruptionBudget.of(around).ifPresent(after::add);
    DesiredAutoscaler.of(around).ifPresent(after::add);
    return new DesiredObjects(
        before, DesiredDeployment.of(around, good), List.copyOf(after), Optional.empty());
  }

  /** All objects of the spec, with the template of the plan's target revision. */
  public static DesiredObjects of(ResolvedModelServer server, RevisionPlan plan) {
    List<HasMetadata> before = new ArrayList<>();
    plan.kept()
        .forEach(
            revision ->
                before.addAll(
                    DesiredRevisions.of(server.owner(), revision, plan.current().hash())));
    before.add(DesiredServiceAccount.of(server));
    List<HasMetadata> after = new ArrayList<>();
    after.add(DesiredService.of(server));
    DesiredDisruptionBudget.of(server).ifPresent(after::add);
    DesiredAutoscaler.of(server).ifPresent(after::add);
    return new DesiredObjects(
        List.copyOf(before),
        DesiredDeployment.of(server, plan.target()),
        List.copyOf(after),
        DesiredServiceMonitor.of(server));
  }
}
