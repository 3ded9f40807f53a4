package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.api.v1alpha1.RecordedRevision;
import dev.modelserver.operator.apply.Applier;
import dev.modelserver.operator.apply.Outdated;
import dev.modelserver.operator.apply.StatusWriter;
import dev.modelserver.operator.apply.Transitions;
import dev.modelserver.operator.apply.UpToDate;
import dev.modelserver.operator.config.OperatorConfig;
import dev.modelserver.operator.desired.RenderableTemplate;
import dev.modelserver.operator.desired.Rendering;
import dev.modelserver.operator.observe.Observed;
import dev.modelserver.operator.observe.Refusal;
import dev.modelserver.operator.observe.RunningPreflight;
import dev.modelserver.operator.observe.ServerCrash;
import dev.modelserver.operator.resolve.ModelDefaults;
import dev.modelserver.operator.resolve.ModelHosts;
import dev.modelserver.operator.resolve.Resolution;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.ResolvedModelServer.Owner;
import dev.modelserver.operator.resolve.Resolver;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.RevisionPlanner;
import dev.modelserver.operator.revision.StoredRevisions;
import dev.modelserver.operator.status.ConditionType;
import dev.modelserver.operator.status.Conditions;
import dev.modelserver.operator.status.Situation;
import dev.modelserver.operator.status.StatusFactory;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.quarkus.runtime.Quarkus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The loop: observe, resolve, desired, apply, status; always all of it, never waiting. */
@ControllerConfiguration(
    name = "modelserver",
    fieldManager = Applier.MANAGER,
    generationAwareEventProcessing = false,
    informer =
        @Informer(onUpdateFilter = RelevantUpdate.class, informerListLimit = StoredObjects.PAGE))
public final class ModelServerReconciler implements Reconciler<ModelServer> {
  private static final Logger LOG = Logger.getLogger(ModelServerReconciler.class);
  private static final Clock CLOCK = Clock.systemUTC();

  /** What changed a ModelServer starts a pass, but not every change does. */
  private static final Duration CACHE_LAG = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final Resolver resolver;
  private final StatusFactory statuses;
  private final Transitions transitions;
  private final StatusWriter writer;
  private final Duration resync;
  private @Nullable Caches caches;

  ModelServerReconciler(KubernetesClient client, OperatorConfig config) {
    this.client = client;
    this.resolver =
        new Resolver(
            new Resolver.Settings(
                config.defaultImage(),
                new ModelHosts(config.modelHosts().orElse(List.of())),
                config.drainDelay(),
                config.maxModelSize().map(Quantity::new),
                config.podLabelPrefixes().orElse(List.of()),
                config.modelDefaults().map(ModelDefaults::parse).orElse(ModelDefaults.NONE)));
    this.statuses = new StatusFactory(CLOCK);
    this.transitions = new Transitions(client, CLOCK);
    this.writer = new StatusWriter(client);
    this.resync = config.resync();
  }

  @Override
  public List<EventSource<?, ModelServer>> prepareEventSources(
      EventSourceContext<ModelServer> context) {
    caches = new Caches(context);
    List<EventSource<?, ModelServer>> sources = new ArrayList<>(caches.sources());
    sources.add(new CacheAudit(resync, caches.audited(context), () -> Quarkus.asyncExit(1)));
    return sources;
  }

  @Override
  public UpdateControl<ModelServer> reconcile(ModelServer primary, Context<ModelServer> context) {
    if (primary.getMetadata().getDeletionTimestamp() != null) {
      // Owner references and garbage collection do the rest.
      return UpdateControl.noUpdate();
    }
    try {
      return pass(primary);
    } catch (Outdated outdated) {
      LOG.info(outdated.getMessage());
      return UpdateControl.<ModelServer>noUpdate().rescheduleAfter(CACHE_LAG);
    } catch (KubernetesClientException e) {
      // A read, or the status: what is written besides is refused one by one.
      Refusal refusal = Refusal.ofPass(e.getCode(), Applier.words(e));
      LOG.warnf(
          "ModelServer %s/%s: %s",
          primary.getMetadata().getNamespace(), primary.getMetadata().getName(), refusal.message());
      throw new NotYet(refusal.message());
    }
  }

  private UpdateControl<ModelServer> pass(ModelServer primary) {
    writer.refresh(primary);
    Observation observation = new Observation(client, Objects.requireNonNull(caches), CLOCK);
    UpToDate upToDate = new UpToDate(client, primary);
    Observed observed = observation.of(primary);
    List<Refusal> refusals =
        switch (resolver.resolve(primary)) {
          case Resolution.Rejected rejected ->
              reject(primary, rejected, observed, observation, upToDate);
          case Resolution.Accepted accepted ->
              accept(primary, accepted.server(), observed, observation, upToDate);
        };
    if (!refusals.isEmpty()) {
      throw new NotYet(refusals.getFirst().message());
    }
    Duration next =
        RunningPreflight.nextNotice(observed).filter(d -> d.compareTo(resync) < 0).orElse(resync);
    return UpdateControl.<ModelServer>noUpdate().rescheduleAfter(next);
  }

  /** A spec that cannot be rendered: the last good revision goes on, whole. */
  private List<Refusal> reject(
      ModelServer primary,
      Resolution.Rejected rejected,
      Observed observed,
      Observation observation,
      UpToDate upToDate) {
    ResolvedModelServer around =
        Resolver.around(primary, rejected.followed(), Scales.asTheyAre(observed));
    Optional<Revision> good =
        RevisionPlanner.lastGood(records(primary, around.owner(), observation).history());
    List<Refusal> refusals =
        good.map(
                revision ->
                    writes(primary, upToDate, around.held())
                        .keep(around, rejected.followed(), revision, observed))
            .orElse(List.of());
    write(
        primary,
        statuses.rejected(primary, rejected.problems(), observed, good),
        Optional.empty(),
        upToDate);
    return refusals;
  }

  private List<Refusal> accept(
      ModelServer primary,
      ResolvedModelServer server,
      Observed observed,
      Observation observation,
      UpToDate upToDate) {
    StoredRevisions records = records(primary, server.owner(), observation);
    records.whyIgnored().ifPresent(why -> tellIgnored(primary, why, upToDate));
    RevisionPlan plan =
        RevisionPlanner.plan(server, records.history(), observed, () -> Rendering.of(server));
    Writes.Outcome outcome =
        writes(primary, upToDate, server.held()).run(server, plan, records, observed, observation);
    RevisionPlan followed = plan;
    if (outcome.deployment().isPresent()) {
      Refusal refusal = outcome.deployment().get();
      boolean over =
          RevisionPlanner.over(refusal, server, refusedSince(primary, refusal), observed.now());
      // What is there of the current revision goes on until it is given up.
      boolean there =
          observed.deployment().isPresent() && observed.revisions().contains(plan.current().hash());
      Optional<RevisionPlan> instead =
          over || !there ? RevisionPlanner.instead(plan, refusal) : Optional.empty();
      if (instead.isPresent()) {
        StoredRevisions left = records.withoutIgnored();
        Writes.Outcome kept =
            writes(primary, upToDate, server.held())
                .run(server, instead.get(), left, observed, observation);
        // Where that one is refused as well, it is not the revision that is wrong.
        if (over && kept.deployment().isEmpty()) {
          followed = RevisionPlanner.rolledBack(instead.get(), refusal, server);
          outcome =
              writes(primary, upToDate, server.held())
                  .run(server, followed, left, observed, observation);
        }
      }
    }
    List<String> replaced = outcome.replaced();
    Situation situation =
        new Situation(
            server,
            followed,
            observed,
            outcome.refusals(),
            outcome.monitor(),
            outcome.held(),
            records.whyIgnored().or(() -> replaced(replaced)).or(() -> told(primary)),
            Optional.ofNullable(primary.getStatus()));
    write(primary, statuses.of(primary, situation), situation.crash(), upToDate);
    return Stream.concat(outcome.refusals().stream(), outcome.monitor().stream()).toList();
  }

  /** Since when the status tells this refusal, of the present spec. */
  private static Instant refusedSince(ModelServer primary, Refusal refusal) {
    return Conditions.find(Conditions.of(primary.getStatus()), ConditionType.READY)
        .filter(ready -> ready.reason().equals(refusal.reason()))
        .filter(
            ready ->
                Objects.equals(ready.observedGeneration(), primary.getMetadata().getGeneration()))
        .map(ready -> Instant.parse(ready.lastTransitionTime()))
        .orElseGet(CLOCK::instant);
  }

  private Writes writes(ModelServer primary, UpToDate upToDate, boolean hold) {
    return new Writes(client, Objects.requireNonNull(caches), primary, upToDate, writer, hold);
  }

  private static StoredRevisions records(
      ModelServer primary, Owner owner, Observation observation) {
    return StoredRevisions.of(
        observation.revisions(primary),
        confirmed(primary),
        revision -> RenderableTemplate.of(owner, revision.template()));
  }

  private static Optional<Map.Entry<String, String>> replaced(List<String> objects) {
    return objects.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Map.entry(
                StoredRevisions.TAMPERED,
                "%s was not as the operator wrote it, and was replaced: find out who may write configmaps in this namespace"
                    .formatted(String.join(", ", objects))));
  }

  /** Why a record was ignored, as it is told until the spec changes. */
  private static Optional<Map.Entry<String, String>> told(ModelServer primary) {
    return Conditions.find(Conditions.of(primary.getStatus()), ConditionType.REVISION_IGNORED)
        .filter(
            told ->
                Objects.equals(told.observedGeneration(), primary.getMetadata().getGeneration()))
        .map(told -> Map.entry(told.reason(), told.message()));
  }

  /**
   * Reports ignored records before they are deleted: if reconciliation stops in between, the next
   * one finds no trace of them.
   */
  private void tellIgnored(ModelServer primary, Map.Entry<String, String> why, UpToDate upToDate) {
    if (told(primary).equals(Optional.of(why))) {
      return;
    }
    Condition ignored =
        Conditions.ignored(
            Conditions.of(primary.getStatus()),
            why,
            primary.getMetadata().getGeneration(),
            CLOCK.instant());
    ModelServerStatus said =
        Objects.requireNonNullElse(primary.getStatus(), ModelServerStatus.NONE);
    write(primary, said.telling(ignored), Optional.empty(), upToDate);
  }

  private static List<RecordedRevision> confirmed(ModelServer primary) {
    ModelServerStatus status = primary.getStatus();
    return status == null || status.revisions() == null ? List.of() : status.revisions();
  }

  /** Tells what changed, then writes the status; neither where nothing changed. */
  private void write(
      ModelServer primary,
      ModelServerStatus status,
      Optional<ServerCrash> crash,
      UpToDate upToDate) {
    if (status.equals(primary.getStatus())) {
      return;
    }
    upToDate.require();
    List<Condition> before = Conditions.of(primary.getStatus());
    for (Condition condition : Conditions.transitions(before, Conditions.of(status))) {
      transitions.tell(primary, condition, Conditions.alarming(condition));
    }
    Conditions.crash(crash, before, Conditions.of(status))
        .ifPresent(condition -> transitions.tell(primary, condition, true));
    Conditions.unprotected(before, Conditions.of(status))
        .ifPresent(condition -> transitions.tell(primary, condition, true));
    primary.setStatus(writer.write(primary, status));
  }
}
