package dev.modelserver.operator.status;

import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.api.v1alpha1.ModelStatus;
import dev.modelserver.operator.api.v1alpha1.RecordedRevision;
import dev.modelserver.operator.api.v1alpha1.VerificationStatus;
import dev.modelserver.operator.desired.DesiredObjects;
import dev.modelserver.operator.names.ConditionType;
import dev.modelserver.operator.names.Labels;
import dev.modelserver.operator.names.Names;
import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.names.Reason;
import dev.modelserver.operator.revision.Encryption;
import dev.modelserver.operator.revision.RecordHashes;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.snapshot.Observed;
import dev.modelserver.operator.snapshot.PreflightReport;
import dev.modelserver.operator.snapshot.RolloutState;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Computes the whole status; it is compared and written once by the caller. */
public final class StatusFactory {
  private static final int SHORT_DIGEST = 8;
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final Clock clock;

  public StatusFactory(Clock clock) {
    this.clock = clock;
  }

  /** The status of a spec that can be rendered. */
  public ModelServerStatus of(ModelServer primary, Situation s) {
    ModelServerStatus status = computed(primary, s);
    return s.waiting().isEmpty()
        ? status
        : s.previous().map(before -> waiting(status, before)).orElse(status);
  }

  /** What is not written yet is not so yet: only pods and conditions are seen anew. */
  private static ModelServerStatus waiting(ModelServerStatus status, ModelServerStatus before) {
    return new ModelServerStatus(
        status.observedGeneration(),
        status.replicas(),
        status.readyReplicas(),
        status.readySummary(),
        before.selector(),
        before.url(),
        before.urls(),
        before.model(),
        before.currentRevision(),
        before.lastGoodRevision(),
        before.history(),
        before.revisions(),
        before.newerServerImage(),
        status.conditions());
  }

  private ModelServerStatus computed(ModelServer primary, Situation s) {
    Owner owner = s.server().owner();
    Revision current = s.plan().current();
    // What answers: the one in its place, the last good revision, or the current one where none is
    // good yet.
    Revision serving =
        s.plan().rolledBack() ? s.plan().target() : s.plan().lastGood().orElse(current);
    String newest = s.server().workload().image();
    return new ModelServerStatus(
        generation(primary),
        s.rollout().total(),
        s.rollout().ready(),
        s.rollout().ready() + "/" + s.desired(),
        selector(owner),
        url(owner, s.server().service().port(), s.plan().encryption()),
        OutsideUrls.of(s),
        model(serving),
        Names.revision(owner, current.hash()),
        s.plan().lastGood().map(r -> Names.revision(owner, r.hash())).orElse(null),
        History.of(owner, s.plan()),
        records(s),
        current.image().equals(newest) ? null : newest,
        merge(primary, Verdicts.of(s)));
  }

  /** Where a record may not have been written, what was said before writing stays. */
  private static @Nullable List<RecordedRevision> records(Situation s) {
    return s.refusals().isEmpty() && !s.server().held()
        ? RecordHashes.of(DesiredObjects.records(s.server().owner(), s.plan()))
        : s.previous().map(ModelServerStatus::revisions).orElse(null);
  }

  /**
   * The status of a spec that cannot be rendered.
   *
   * @param good the revision that goes on serving; empty: none was ever good
   */
  public ModelServerStatus rejected(
      ModelServer primary, List<String> problems, Observed observed, Optional<Revision> good) {
    Optional<ModelServerStatus> before = Optional.ofNullable(primary.getStatus());
    RolloutState rollout = RolloutState.of(observed.deployment(), "");
    String message =
        String.join("; ", problems)
            + good.map(r -> ". Revision %s goes on serving".formatted(r.title())).orElse("");
    Verdict available =
        rollout.available() > 0
            ? Verdict.yes(
                ConditionType.AVAILABLE,
                Reason.PODS_AVAILABLE,
                "%d of %d pods answer".formatted(rollout.available(), rollout.desired()))
            : Verdict.no(ConditionType.AVAILABLE, Reason.PODS_UNAVAILABLE, "No pod answers");
    return new ModelServerStatus(
        generation(primary),
        rollout.total(),
        rollout.ready(),
        rollout.ready() + "/" + rollout.desired(),
        before.map(ModelServerStatus::selector).orElse(null),
        before.map(ModelServerStatus::url).orElse(null),
        before.map(ModelServerStatus::urls).orElse(null),
        before.map(ModelServerStatus::model).orElse(null),
        before.map(ModelServerStatus::currentRevision).orElse(null),
        before.map(ModelServerStatus::lastGoodRevision).orElse(null),
        before.map(ModelServerStatus::history).orElse(null),
        before.map(ModelServerStatus::revisions).orElse(null),
        null,
        merge(primary, rejection(before, available, message)));
  }

  private static List<Verdict> rejection(
      Optional<ModelServerStatus> before, Verdict available, String message) {
    List<Verdict> verdicts =
        new ArrayList<>(
            List.of(
                Verdict.no(ConditionType.READY, Reason.INVALID_SPEC, message),
                available,
                Verdict.unknown(ConditionType.MODEL_LOADED, Reason.INVALID_SPEC, message),
                Verdict.yes(ConditionType.STALLED, Reason.INVALID_SPEC, message)));
    // It remembers that a ServiceMonitor or a route was made, for the spec that no longer wants it;
    // and the objects of the last good revision are still as an admission changed them.
    List<Condition> told = before.map(Conditions::of).orElse(List.of());
    Stream.of(ConditionType.MONITORING, ConditionType.EXPOSED, ConditionType.FIELDS_OVERRIDDEN)
        .flatMap(type -> Conditions.find(told, type).stream())
        .map(c -> new Verdict(c.type(), c.status(), c.reason(), c.message()))
        .forEach(verdicts::add);
    return verdicts;
  }

  private List<Condition> merge(ModelServer primary, List<Verdict> verdicts) {
    return Conditions.merge(
        Conditions.of(primary.getStatus()), verdicts, generation(primary), clock.instant());
  }

  private static long generation(ModelServer primary) {
    Long generation = primary.getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }

  static String shortened(String sha256) {
    return sha256.substring(0, Math.min(SHORT_DIGEST, sha256.length()));
  }

  private static String selector(Owner owner) {
    return Labels.deploymentSelector(owner).entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(","));
  }

  private static String url(Owner owner, int port, Encryption encryption) {
    boolean https = encryption == Encryption.REQUIRED;
    return "%s://%s%s"
        .formatted(
            https ? "https" : "http",
            Names.hosts(owner).getFirst(),
            port == (https ? HTTPS_PORT : HTTP_PORT) ? "" : ":" + port);
  }

  /**
   * Nothing until a preflight has loaded it: a version that nobody loaded is a wish, not a status.
   */
  private static @Nullable ModelStatus model(Revision revision) {
    Optional<PreflightReport> report = revision.report();
    String sha256 = report.map(PreflightReport::sha256).orElse(null);
    if (report.isEmpty() || sha256 == null) {
      return null;
    }
    String shortSha256 = shortened(sha256);
    return new ModelStatus(
        revision.version().orElse(shortSha256),
        sha256,
        shortSha256,
        report.flatMap(PreflightReport::readableSignature).orElse(null),
        report
            .flatMap(r -> Optional.ofNullable(r.verification()))
            .map(golden -> new VerificationStatus(golden.passed(), golden.total()))
            .orElse(null));
  }
}
