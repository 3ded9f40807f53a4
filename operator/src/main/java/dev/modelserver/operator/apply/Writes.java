package dev.modelserver.operator.apply;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.api.v1alpha1.RecordedRevision;
import dev.modelserver.operator.desired.DesiredObjects;
import dev.modelserver.operator.desired.OptionalObject;
import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.Resolution.Followed;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import dev.modelserver.operator.revision.RecordHashes;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.StoredRevisions;
import dev.modelserver.operator.snapshot.Observed;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * One pass of writes: what is no longer wanted goes, what is wanted is made so. Every object is
 * attempted, even when another is refused.
 */
public final class Writes {
  private static final Logger LOG = Logger.getLogger(Writes.class);

  private final KnownObjects caches;
  private final ModelServer primary;
  private final Applier applier;
  private final StatusWriter statuses;
  private final UpToDate upToDate;
  private final Answers answers;
  private final boolean hold;
  private final List<Refusal> refusals = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<Class<?>, Refusal> optionalRefusals = new LinkedHashMap<>();

  /**
   * What could not be written.
   *
   * @param plan the plan whose objects these were; empty where nothing was planned
   * @param refusals objects that a model needs
   * @param deployment the Deployment among them
   * @param optional objects that no model needs, by their kind
   * @param held objects that wait, because reconciliation is paused; without the operator's own
   *     records
   * @param replaced immutable objects that somebody else had written
   * @param notes what was left out of objects that the API server did not take whole
   * @param overridden fields that an admission of the cluster changes
   */
  public record Outcome(
      Optional<RevisionPlan> plan,
      List<Refusal> refusals,
      Optional<Refusal> deployment,
      Map<Class<?>, Refusal> optional,
      List<String> held,
      List<String> replaced,
      List<String> notes,
      List<OverriddenField> overridden) {
    /** Nothing was to be written. */
    public static final Outcome NONE = only(List.of());

    private static Outcome only(List<Refusal> refusals) {
      return new Outcome(
          Optional.empty(),
          refusals,
          Optional.empty(),
          Map.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of());
    }

    /** Every object that was refused, needed by a model or not. */
    public Stream<Refusal> allRefusals() {
      return Stream.concat(refusals.stream(), optional.values().stream());
    }

    /** The first of them. */
    public Optional<Refusal> firstRefusal() {
      return allRefusals().findFirst();
    }
  }

  /**
   * One attempt.
   *
   * @param caches asked before the API server is
   * @param hold whether everything is only noted
   */
  public Writes(
      KubernetesClient client,
      KnownObjects caches,
      ModelServer primary,
      UpToDate upToDate,
      StatusWriter statuses,
      Answers answers,
      boolean hold) {
    this.caches = caches;
    this.primary = primary;
    this.statuses = statuses;
    this.upToDate = upToDate;
    this.answers = answers;
    this.hold = hold;
    this.applier = new Applier(client, primary, upToDate, answers, hold);
  }

  /** Makes the objects of a plan as they are wanted. */
  public Outcome run(
      ResolvedModelServer server,
      RevisionPlan plan,
      DesiredObjects desired,
      StoredRevisions records,
      Observed observed) {
    // First, so that an autoscaler that is switched off does not answer the Deployment's new
    // number.
    if (server.scaling() instanceof Scaling.Fixed) {
      observed.autoscaler().flatMap(applier::delete).ifPresent(refusals::add);
    }
    List<ControllerRevision> stored = records.believed();
    confirm(DesiredObjects.records(server.owner(), plan));
    records.ignored().forEach(record -> applier.delete(record).ifPresent(refusals::add));
    desired.before().forEach(object -> apply(object, known(object, stored)));
    desired.lasting().stream()
        .filter(object -> caches.find(object).filter(this::isOurs).isEmpty())
        .forEach(object -> apply(object, Optional.empty()));
    // Pods that lack their revision's record, configuration, account or policy must not start:
    // they would wait for ever, run as somebody else, be forgotten to have failed, or be open.
    Optional<Refusal> deployment =
        refusals.isEmpty() ? deploy(desired, server, observed) : Optional.empty();
    deployment.ifPresent(refusals::add);
    // An autoscaler acts on whatever Deployment has the name: only on ours.
    boolean scalable = refusals.isEmpty();
    desired.after().stream()
        .filter(object -> scalable || !(object instanceof HorizontalPodAutoscaler))
        .forEach(object -> apply(object, caches.find(object)));
    optional(desired.optional(), observed);
    drop(desired.unwanted());
    dropRevisions(server.owner(), plan, stored, observed.revisions());
    log();
    List<String> held =
        applier.held().stream().filter(o -> !o.startsWith("ControllerRevision ")).toList();
    return new Outcome(
        Optional.of(plan),
        List.copyOf(refusals),
        deployment,
        Map.copyOf(optionalRefusals),
        held,
        applier.replaced(),
        List.copyOf(notes),
        applier.overridden());
  }

  /**
   * Keeps a revision whole beside a spec that cannot be rendered. Nothing is deleted but an
   * autoscaler, a disruption budget, an Ingress or a route that the spec takes away, and what
   * stands there by a part of the spec that cannot be read any more is left as it is.
   */
  public Outcome keep(
      ResolvedModelServer around, Followed spec, DesiredObjects desired, Observed observed) {
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
        .filter(object -> readable(object, spec) || applier.isAbsent(object))
        .forEach(object -> apply(object, caches.find(object)));
    if (spec.exposure().isPresent()) {
      optional(desired.optional(), observed);
    }
    drop(desired.unwanted());
    log();
    return Outcome.only(
        Stream.concat(refusals.stream(), optionalRefusals.values().stream()).toList());
  }

  /** One line for each: object, cause and remedy. */
  private void log() {
    Stream.concat(refusals.stream(), optionalRefusals.values().stream())
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

  /** What the spec no longer asks for goes. */
  private void drop(List<HasMetadata> unwanted) {
    unwanted.forEach(
        object -> caches.find(object).flatMap(applier::delete).ifPresent(refusals::add));
  }

  /** Whether the part of the spec that the object comes from could be read. */
  private static boolean readable(HasMetadata object, Followed spec) {
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
    if (object instanceof Service service) {
      ServiceApply.Result result = new ServiceApply(applier).apply(service, known);
      result.refusal().ifPresent(refusals::add);
      result.note().ifPresent(notes::add);
    } else {
      applier.apply(object, known).ifPresent(refusals::add);
    }
  }

  private boolean isOurs(HasMetadata object) {
    return Ownership.of(primary).owns(object);
  }

  private Optional<? extends HasMetadata> known(
      HasMetadata object, List<ControllerRevision> stored) {
    if (object instanceof ControllerRevision) {
      return stored.stream()
          .filter(r -> r.getMetadata().getName().equals(object.getMetadata().getName()))
          // What is stored of it is another.
          .filter(r -> !answers.changed(r))
          .findFirst();
    }
    return caches.find(object);
  }

  private void optional(List<OptionalObject> objects, Observed observed) {
    objects.forEach(
        object ->
            optional(object, observed)
                .ifPresent(refusal -> optionalRefusals.put(object.kind(), refusal)));
  }

  /** Makes an object that no model needs, or deletes it where none is wanted. */
  private Optional<Refusal> optional(OptionalObject object, Observed observed) {
    if (!observed.serves(object.kind())) {
      return Optional.empty();
    }
    if (object.wanted().isPresent()) {
      HasMetadata wanted = object.wanted().get();
      Optional<Refusal> refusal = applier.apply(wanted, caches.find(wanted));
      refusal.ifPresent(_ -> caches.refused(object.kind()));
      return refusal;
    }
    HasMetadata named = object.named();
    boolean asked = !caches.holds(object.kind()) && reported(object.condition());
    try {
      return (asked ? applier.find(named) : caches.find(named)).flatMap(applier::delete);
    } catch (KubernetesClientException e) {
      return Optional.of(Applier.refusal(named, e));
    }
  }

  /** Whether the previous status has this condition: there was such an object, or one is asked. */
  private boolean reported(String condition) {
    return Optional.ofNullable(primary.getStatus()).map(ModelServerStatus::conditions).stream()
        .flatMap(List::stream)
        .anyMatch(c -> c.type().equals(condition));
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
                        Names.config(owner, r.hash(), r.attempt()),
                        Names.pin(owner, r.hash())))
            .collect(Collectors.toSet());
    Stream.concat(caches.configMaps(primary), stored.stream())
        .filter(object -> Labels.value(object, Labels.REVISION).isPresent())
        .filter(object -> !kept.contains(object.getMetadata().getName()))
        // Pods that run may have to mount it again, be their record lost.
        .filter(object -> !running.contains(Labels.value(object, Labels.REVISION).orElse("")))
        .forEach(object -> applier.delete(object).ifPresent(refusals::add));
  }
}
