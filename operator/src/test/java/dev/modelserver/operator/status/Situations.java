package dev.modelserver.operator.status;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.Condition;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.apply.OverriddenField;
import dev.modelserver.operator.apply.Refusal;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.RevisionPlanner;
import dev.modelserver.operator.revision.World;
import dev.modelserver.operator.snapshot.Observed;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Situations and their statuses, as the tests of this package write them. */
final class Situations {
  static final ModelServer V1 =
      Yaml.modelServer("model: {uri: 'https://h/m', version: v1}\nreplicas: 3");
  static final ModelServer V2 =
      Yaml.modelServer("model: {uri: 'https://h/m', version: v2}\nreplicas: 3");
  static final String ONE = Yaml.resolved(V1).workload().hash();
  static final String TWO = Yaml.resolved(V2).workload().hash();
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);

  private Situations() {}

  static Condition condition(ModelServerStatus status, String type) {
    return find(status, type).orElseThrow(() -> new AssertionError("no " + type + " in " + status));
  }

  static Optional<Condition> find(ModelServerStatus status, String type) {
    return Conditions.find(Conditions.of(status), type);
  }

  static RevisionPlan plan(ModelServer server, List<Revision> history, Observed observed) {
    ResolvedModelServer resolved = Yaml.resolved(server);
    return RevisionPlanner.plan(resolved, history, observed, () -> Yaml.rendered(resolved));
  }

  static List<Revision> good() {
    return plan(
            V1,
            plan(V1, List.of(), World.empty()).kept(),
            World.of(World.complete(ONE, 3), World.verified(ONE, "abcdef0123")))
        .kept();
  }

  static Situation situation(
      ModelServer server, List<Revision> history, Observed observed, List<Refusal> refusals) {
    return new Situation(
        Yaml.resolved(server),
        plan(server, history, observed),
        observed,
        refusals,
        Map.of(),
        List.of(),
        Optional.empty(),
        Optional.ofNullable(server.getStatus()),
        List.of(),
        List.of());
  }

  /** The same situation, with fields that an admission changes. */
  static Situation overridden(Situation s, List<OverriddenField> fields) {
    return new Situation(
        s.server(),
        s.plan(),
        s.observed(),
        s.refusals(),
        s.optionalRefusals(),
        s.waiting(),
        s.ignored(),
        s.previous(),
        s.notes(),
        fields);
  }

  static ModelServerStatus status(
      ModelServer server, List<Revision> history, Observed observed, List<Refusal> refusals) {
    return new StatusFactory(CLOCK).of(server, situation(server, history, observed, refusals));
  }

  static Deployment available(int pods) {
    return World.deployment(
        ONE,
        3,
        "replicas: 3, updatedReplicas: 3, readyReplicas: %1$d, availableReplicas: %1$d"
            .formatted(pods));
  }

  static Pod pod(String status) {
    return Yaml.read(
        Pod.class,
        """
        metadata: {name: iris-1, uid: pod-1, labels: {modelserver.dev/revision: %s}}
        spec: {containers: [{name: server, resources: {limits: {memory: 128Mi}}}]}
        status: {%s}
        """
            .formatted(ONE, status));
  }

  static Pod terminated(String reason, int exitCode) {
    return pod(
        "containerStatuses: [{name: server, ready: false, restartCount: 2, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {reason: %s, exitCode: %d}}}]"
            .formatted(reason, exitCode));
  }

  static Pod waiting(String reason, String message) {
    return pod(
        "initContainerStatuses: [{name: preflight, image: 'x:1', ready: false, state: {waiting: {reason: %s, message: '%s'}}}]"
            .formatted(reason, message));
  }

  static Pod unscheduled(String message) {
    return pod(
        "conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: '%s'}]"
            .formatted(message));
  }

  static Event failedMount(String message) {
    return Yaml.read(
        Event.class,
        """
        metadata: {name: e1}
        type: Warning
        reason: FailedMount
        message: '%s'
        involvedObject: {kind: Pod, name: iris-1, uid: pod-1}
        """
            .formatted(message));
  }
}
