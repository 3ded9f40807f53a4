package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.api.v1alpha1.RecordedRevision;
import dev.modelserver.operator.apply.Applier;
import dev.modelserver.operator.apply.DeploymentApply;
import dev.modelserver.operator.apply.Ownership;
import dev.modelserver.operator.apply.StatusWriter;
import dev.modelserver.operator.apply.UpToDate;
import dev.modelserver.operator.desired.DesiredObjects;
import dev.modelserver.operator.desired.Labels;
import dev.modelserver.operator.desired.Names;
import dev.modelserver.operator.observe.Observed;
import dev.modelserver.operator.observe.Refusal;
import dev.modelserver.operator.resolve.Resolution.Followed;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.ResolvedModelServer.Owner;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import dev.modelserver.operator.revision.RecordHashes;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.StoredRevisions;
import dev.modelserver.operator.status.ConditionType;
import dev.modelserver.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * One pass of writes: what is no longer wanted goes, what is wanted is made so. Every object is
 * attempted, even when another is refused.
 */
final class Writes {
  private static final Logger LOG = Logger.getLogger(Writes.class);

  private final KubernetesClient client;
  private final Caches caches;
  private final ModelServer primary;
  private final Applier applier;
  private final StatusWriter statuses;
  private final UpToDate upToDate;
  private final boolean hold;
  private final List<Refusal> refusals = new ArrayList<>();
  private Optional<Refusal> monitorRefusal = Optional.empty();

  /**
   * What could not be written.
   *
   * @param refusals objects that a model needs
   * @param monitor the ServiceMonitor, which no model needs
   * @param deployment the Deployment among them
   * @param held objects that wait, because reconciliation is paused; without the operator's own
   *     records
   * @param replaced immutable objects that somebody else had written
   */
  record Outcome(
      List<Refusal> refusals,
      Optional<Refusal> deployment,
      Optional<Refusal> monitor,
      List<String> held,
      List<String> replaced) {}

  Writes(
      KubernetesClient client,
      Caches caches,
      ModelServer primary,
      UpToDate upToDate,
      StatusWriter statuses,
      boolean hold) {
    this.client = client;
    this.caches = caches;
    this.primary = primary;
    this.statuses = statuses;
    this.upToDate = upToDate;
    this.hold = hold;
    this.applier = new Applier(client, Ownership.of(primary), upToDate, hold);
  }

  Outcome run(
      ResolvedModelServer server,
      RevisionPlan plan,
      StoredRevisions records,
      Observed observed,
      Observation observation) {
    DesiredObjects desired = DesiredObjects.of(server, plan);
    // First, so that an autoscaler that is switched off does not answer the Deployment's new
    // number.
    if (server.scaling() instanceof Scaling.Fixed) {
      observed.autoscaler().flatMap(applier::delete).ifPresent(refusals::add);
    }
    List<ControllerRevision> stored = records.believed();
    confirm(DesiredObjects.records(server.owner(), plan));
    records.ignored().forEach(record -> applier.delete(record).ifPresent(refusals::add));
    desired.before().forEach(object -> apply(object, known(object, stored)));
    // Pods that lack their revision's record, configuration or account must not start: they would
    // wait for ever, run as somebody else, or be forgotten to have failed.
    Optional<Refusal> deployment =
        refusals.isEmpty() ? deploy(desired, server, observed) : Optional.empty();
    deployment.ifPresent(refusals::add);
    // An autoscaler acts on whatever Deployment has the name: only on ours.
    boolean scalable = refusals.isEmpty();
    desired.after().stream()
        .filter(object -> scalable || !(object instanceof HorizontalPodAutoscaler))
        .forEach(object -> apply(object, caches.find(object)));
    dropBudget(server);
    monitor(desired.monitor(), observed, observation);
    dropRevisions(server.owner(), plan, stored, observed.revisions());
    log();
    List<String> held =
        applier.held().stream().filter(o -> !o.startsWith("ControllerRevision ")).toList();
    return new Outcome(List.copyOf(refusals), deployment, monitorRefusal, held, applier.replaced());
  }

  /**
   * Keeps a revision whole beside a spec that cannot be rendered. Nothing is deleted but an
   * autoscaler or a disruption budget that the spec takes away, and what stands there by a part of
   * the spec that cannot be read any more is left as it is.
   */
  List<Refusal> keep(ResolvedModelServer around, Followed spec, Revision good, Observed observed) {
    DesiredObjects desired = DesiredObjects.keeping(around, good);
    if (spec.scaling().filter(Scaling.Fixed.class::isInstance).isPresent()) {
      observed.autoscaler().flatMap(applier::delete).ifPresent(refusals::add);
    }
    desired.before().forEach(object -> apply(object, caches.find(object)));
    if (refusals.isEmpty()) {
      deploy(desired, around, observed).ifPresent(refusals::add);
    }
    boolean scalable = refusals.isEmpty();
    desired.after().stream()
        .filter(object -> scalable || !(object instanceof HorizontalPodAutoscaler))
        .filter(object -> told(object, spec) || applier.isAbsent(object))
        .forEach(object -> apply(object, caches.find(object)));
    dropBudget(around);
    log();
    return List.copyOf(refusals);
  }

  /** One line for each: object, cause and remedy. */
  private void log() {
    Stream.concat(refusals.stream(), monitorRefusal.stream())
        .forEach(
            refusal ->
                LOG.logf(
                    // Two who write at once are nothing to look at.
                    refusal.conflict() ? Logger.Level.INFO : Logger.Level.WARN,
                    "ModelServer %s/%s: %s",
                    primary.getMetadata().getNamespace(),
                    primary.getMetadata().getName(),
                    refusal.message()));
  }

  /** A disruption budget that is switched off goes. */
  private void dropBudget(ResolvedModelServer server) {
    if (!server.disruption().enabled()) {
      caches
          .find(
              PodDisruptionBudget.class, server.owner().namespace(), Names.workload(server.owner()))
          .flatMap(applier::delete)
          .ifPresent(refusals::add);
    }
  }

  private static boolean told(HasMetadata object, Followed spec) {
    return switch (object) {
      case Service _ -> spec.service().isPresent();
      case HorizontalPodAutoscaler _ -> spec.scaling().isPresent();
      case PodDisruptionBudget _ -> spec.disruption().isPresent();
      default -> false;
    };
  }

  private Optional<Refusal> deploy(
      DesiredObjects desired, ResolvedModelServer server, Observed observed) {
    return new DeploymentApply(applier)
        .apply(
            desired.deployment(), observed.deployment(), server.scaling(), observed.autoscaler());
  }

  /** The status says what a record will be before it is: so it knows its own from a forged one. */
  private void confirm(List<ControllerRevision> wanted) {
    ModelServerStatus status = primary.getStatus();
    if (status == null || hold) {
      return;
    }
    List<RecordedRevision> said = Optional.ofNullable(status.revisions()).orElse(List.of());
    RecordHashes.before(said, RecordHashes.of(wanted))
        .ifPresent(
            records -> {
              upToDate.require();
              primary.setStatus(statuses.write(primary, status.recording(records)));
            });
  }

  private void apply(HasMetadata object, Optional<? extends HasMetadata> known) {
    applier.apply(object, known).ifPresent(refusals::add);
  }

  private Optional<? extends HasMetadata> known(
      HasMetadata object, List<ControllerRevision> stored) {
    if (object instanceof ControllerRevision) {
      return stored.stream()
          .filter(r -> r.getMetadata().getName().equals(object.getMetadata().getName()))
          .findFirst();
    }
    return caches.find(object);
  }

  /**
   * The kind may be absent, so there is no informer: the previous status says whether one was made.
   */
  private void monitor(
      Optional<ServiceMonitor> wanted, Observed observed, Observation observation) {
    if (wanted.isPresent()) {
      if (observed.monitorKindServed()) {
        monitorRefusal = applier.apply(wanted.get(), Optional.empty());
      }
      return;
    }
    boolean made =
        Conditions.find(Conditions.of(primary.getStatus()), ConditionType.MONITORING).isPresent();
    if (made && observation.monitorKindServed()) {
      monitorRefusal =
          Optional.ofNullable(
                  client
                      .resources(ServiceMonitor.class)
                      .inNamespace(primary.getMetadata().getNamespace())
                      .withName(primary.getMetadata().getName())
                      .get())
              .flatMap(applier::delete);
    }
  }

  /**
   * What was made for revisions that are not kept, also where an earlier pass did not get to it.
   */
  private void dropRevisions(
      Owner owner, RevisionPlan plan, List<ControllerRevision> stored, Set<String> running) {
    // By name: a label may have been edited.
    Set<String> kept =
        plan.kept().stream()
            .flatMap(
                r ->
                    Stream.of(
                        Names.revision(owner, r.hash()),
                        Names.config(owner, r),
                        Names.pin(owner, r.hash())))
            .collect(Collectors.toSet());
    Stream.concat(caches.of(ConfigMap.class, primary), stored.stream())
        .filter(object -> Labels.value(object, Labels.REVISION).isPresent())
        .filter(object -> !kept.contains(object.getMetadata().getName()))
        // Pods that run may have to mount it again, be their record lost.
        .filter(object -> !running.contains(Labels.value(object, Labels.REVISION).orElse("")))
        .forEach(object -> applier.delete(object).ifPresent(refusals::add));
  }
}
