package dev.modelserver.operator.reconcile;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.apply.Answers;
import dev.modelserver.operator.apply.Applier;
import dev.modelserver.operator.apply.Outdated;
import dev.modelserver.operator.apply.Refusal;
import dev.modelserver.operator.apply.StatusWriter;
import dev.modelserver.operator.apply.Transitions;
import dev.modelserver.operator.apply.Writes;
import dev.modelserver.operator.config.OperatorConfig;
import dev.modelserver.operator.desired.DesiredObjects;
import dev.modelserver.operator.diagnosis.RunningPreflight;
import dev.modelserver.operator.metrics.OperatorMetrics;
import dev.modelserver.operator.metrics.Passed;
import dev.modelserver.operator.names.FieldManagers;
import dev.modelserver.operator.resolve.ModelDefaults;
import dev.modelserver.operator.resolve.ModelHosts;
import dev.modelserver.operator.resolve.Resolution;
import dev.modelserver.operator.resolve.Resolver;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The loop: observe, resolve, plan, desired, apply, status; always all of it, never waiting. */
@ControllerConfiguration(
    name = "modelserver",
    fieldManager = FieldManagers.OPERATOR,
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
  private final StatusWriter recent;
  private final Answers answers = new Answers(CLOCK);
  private final Duration resync;
  private final OperatorMetrics metrics;
  private @Nullable ClusterCache caches;

  ModelServerReconciler(KubernetesClient client, OperatorConfig config, OperatorMetrics metrics) {
    this.client = client;
    this.metrics = metrics;
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
    this.recent = new StatusWriter(client);
    this.resync = config.resync();
  }

  @Override
  public List<EventSource<?, ModelServer>> prepareEventSources(
      EventSourceContext<ModelServer> context) {
    Caches informers = new Caches(context, resync);
    read(informers);
    metrics.existing(informers::modelServers);
    List<EventSource<?, ModelServer>> sources = new ArrayList<>(informers.sources());
    sources.add(
        new CacheAudit(resync, () -> informers.audited(context), () -> Quarkus.asyncExit(1)));
    return sources;
  }

  /** Reads from this cache from now on. */
  void read(ClusterCache cache) {
    caches = cache;
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
      metrics.refused(refusal.reason());
      LOG.warnf(
          "ModelServer %s/%s: %s",
          primary.getMetadata().getNamespace(), primary.getMetadata().getName(), refusal.message());
      throw new NotYet(refusal.message());
    }
  }

  UpdateControl<ModelServer> pass(ModelServer primary) {
    PassWriter writer = writer(primary);
    Optional<ModelServerStatus> before = Optional.ofNullable(primary.getStatus());
    Seen seen = new ClusterReader(client, cache(), answers, CLOCK).observe(primary);
    Resolution spec = resolver.resolve(primary);
    Course course = Course.plan(primary, spec, seen);
    Optional<DesiredObjects> objects = course.objects();
    Writes.Outcome outcome = course.apply(objects, writer);
    outcome.allRefusals().forEach(refusal -> metrics.refused(refusal.reason()));
    objects.ifPresent(
        wanted -> cache().moved(primary, Hosts.of(seen.objects().outside()), Hosts.of(wanted)));
    Report report = course.report(statuses, outcome);
    writer.report(report);
    metrics.passed(
        new OperatorMetrics.Id(
            primary.getMetadata().getNamespace(), primary.getMetadata().getName()),
        new Passed(before, report.status(), seen.objects(), course.scaling()));
    return next(seen, outcome);
  }

  private PassWriter writer(ModelServer primary) {
    recent.refresh(primary);
    return new PassWriter(client, cache(), primary, recent, answers, transitions);
  }

  /** Again soon where something was refused; else when there is something new to say. */
  private UpdateControl<ModelServer> next(Seen seen, Writes.Outcome outcome) {
    Optional<Refusal> refusal = outcome.firstRefusal();
    if (refusal.isPresent()) {
      throw new NotYet(refusal.get().message());
    }
    Duration next =
        Stream.of(
                RunningPreflight.nextNotice(seen.objects()),
                seen.objects().outside().nextNotice(seen.objects().now()))
            .flatMap(Optional::stream)
            .filter(d -> d.compareTo(resync) < 0)
            .min(Comparator.naturalOrder())
            .orElse(resync);
    return UpdateControl.<ModelServer>noUpdate().rescheduleAfter(next);
  }

  private ClusterCache cache() {
    return Objects.requireNonNull(caches);
  }
}
