package dev.modelserver.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.reconcile.FakeApiServer.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One whole pass a row: existing objects in; writes, conditions and Events out. */
class WholePassTest {
  private static final String V1 = "model: {uri: 'https://h/m', version: v1}\nreplicas: 2";
  private static final String V2 = "model: {uri: 'https://h/m', version: v2}\nreplicas: 2";
  private static final String AROUND =
      "\nautoscaling: {minReplicas: 2, maxReplicas: 4}\nmonitoring: {serviceMonitor: {}, alerts: {}}\nnetworkPolicy: {}";
  private static final String INVALID = "model: {uri: 'ftp://h/m'}\nreplicas: 2";

  /** What a pass finds. */
  @SuppressWarnings("ImmutableEnumChecker")
  private enum World {
    NOTHING(_ -> {}),
    /** The API server does not know ServiceMonitors. */
    NO_MONITORS(pass -> pass.server.servesMonitors(false)),
    /** The API server does not know PrometheusRules. */
    NO_RULES(pass -> pass.server.servesRules(false)),
    /** A first pass has run. */
    APPLIED(pass -> pass.pass(V1)),
    /** A first pass has run, with everything that is optional. */
    ALL_APPLIED(pass -> pass.pass(V1 + AROUND)),
    /** A first pass has run, with everything that is optional, and no list of ServiceMonitors. */
    UNLISTED_MONITORS(
        pass -> {
          pass.cannotListMonitors();
          pass.pass(V1 + AROUND);
        }),
    /** The same, and the API server knows no ServiceMonitors any more. */
    MONITORS_VANISHED(
        pass -> {
          pass.pass(V1 + AROUND);
          pass.server.servesMonitors(false);
          pass.server.remove("ServiceMonitor");
        }),
    /** Version 1 is rolled out and proven. */
    GOOD(
        pass -> {
          pass.pass(V1);
          pass.rolledOut();
          pass.pass(V1);
        }),
    /** The same, with a policy of the network. */
    ISOLATED(
        pass -> {
          pass.pass(V1 + "\nnetworkPolicy: {}");
          pass.rolledOut();
          pass.pass(V1 + "\nnetworkPolicy: {}");
        }),
    /** The same, and the policy is gone. */
    OPENED(
        pass -> {
          ISOLATED.make.accept(pass);
          pass.server.remove("NetworkPolicy");
        }),
    /** Version 2 is applied beside pods of version 1. */
    ROLLING(
        pass -> {
          GOOD.make.accept(pass);
          pass.pass(V2);
        }),
    /** The preflight of version 2 refuses the model for good. */
    REFUSED_MODEL(
        pass -> {
          ROLLING.make.accept(pass);
          pass.preflightFailed();
        }),
    /** The Service and the disruption budget of version 1 are gone. */
    DELETED(
        pass -> {
          GOOD.make.accept(pass);
          pass.server.remove("Service");
          pass.server.remove("PodDisruptionBudget");
        }),
    /** The Deployment of version 1 is gone. */
    LOST(
        pass -> {
          GOOD.make.accept(pass);
          pass.server.remove("Deployment");
        }),
    /** Somebody else has a Service of the name. */
    STRANGER(WholePass::strangersService);

    private final Consumer<WholePass> make;

    World(Consumer<WholePass> make) {
      this.make = make;
    }
  }

  /**
   * A pass.
   *
   * @param fault a write that is refused
   * @param writes verb, kind and name of each, in their order; of a revision V1 or V2
   * @param conditions type, status and reason of each
   * @param events type and reason of each, of this pass
   */
  private record Row(
      String name,
      World world,
      String spec,
      Optional<Fault> fault,
      List<String> writes,
      List<String> conditions,
      List<String> events) {
    @Override
    public String toString() {
      return name;
    }

    /** Whether it is tried again: an Event is a courtesy, and a rollback an answer. */
    boolean again() {
      return world == World.STRANGER
          || (fault.filter(f -> !f.write().equals("create Event")).isPresent()
              && !events.contains("Warning/RolledBack"));
    }

    /** The same where a write that holds this is refused. */
    Row with(Answer answer, String write, String holding) {
      return new Row(
          "%s %d".formatted(name, answer.code),
          world,
          spec,
          Optional.of(answer.to(write, holding)),
          writes,
          conditions,
          events);
    }
  }

  private static Row row(
      String name, World world, String spec, String writes, String conditions, String events) {
    return new Row(
        name,
        world,
        spec,
        Optional.empty(),
        words(writes, "\n"),
        words(conditions, " "),
        words(events, " "));
  }

  private static List<String> words(String text, String separator) {
    return text.isBlank()
        ? List.of()
        : Stream.of(text.strip().split(separator)).map(String::strip).toList();
  }

  static Stream<Row> undisturbed() {
    return Stream.of(
        row(
            "nothing exists",
            World.NOTHING,
            V1,
            """
            apply ControllerRevision iris-V1
            apply ConfigMap iris-V1
            apply ServiceAccount iris-server
            apply Deployment iris
            apply Service iris
            apply PodDisruptionBudget iris
            create Event
            apply ModelServer/status iris
            """,
            "Ready=False/RollingOut Available=False/PodsUnavailable"
                + " ModelLoaded=Unknown/PreflightPending Reconciling=True/RollingOut",
            "Normal/RollingOut"),
        row(
            "nothing exists, and everything is wanted",
            World.NOTHING,
            V1 + AROUND,
            """
            apply ControllerRevision iris-V1
            apply ConfigMap iris-V1
            apply ServiceAccount iris-server
            apply NetworkPolicy iris
            apply Deployment iris
            apply Deployment iris
            apply Deployment iris
            apply Service iris
            apply PodDisruptionBudget iris
            apply HorizontalPodAutoscaler iris
            apply ServiceMonitor iris
            apply PrometheusRule iris
            create Event
            create Event
            create Event
            apply ModelServer/status iris
            """,
            "Ready=False/RollingOut Available=False/PodsUnavailable"
                + " ModelLoaded=Unknown/PreflightPending Reconciling=True/RollingOut"
                + " ScalingActive=Unknown/AutoscalerPending Monitoring=True/MonitoringApplied",
            "Normal/AutoscalerPending Normal/MonitoringApplied Normal/RollingOut"),
        row(
            "nothing exists, not even the kind ServiceMonitor",
            World.NO_MONITORS,
            V1 + AROUND,
            ALL.replace("apply ServiceMonitor iris\n", ""),
            UNDER_WAY.formatted(
                "RollingOut", "Reconciling=True/RollingOut", "False/ServiceMonitorKindMissing"),
            "Normal/AutoscalerPending Normal/RollingOut Warning/ServiceMonitorKindMissing"),
        row(
            "nothing exists, not even the kind PrometheusRule",
            World.NO_RULES,
            V1 + AROUND,
            ALL.replace("apply PrometheusRule iris\n", ""),
            UNDER_WAY.formatted(
                "RollingOut", "Reconciling=True/RollingOut", "False/PrometheusRuleKindMissing"),
            "Normal/AutoscalerPending Normal/RollingOut Warning/PrometheusRuleKindMissing"),
        row(
            "alerts alone are wanted",
            World.APPLIED,
            V1 + "\nmonitoring: {alerts: {}}",
            """
            apply PrometheusRule iris
            create Event
            apply ModelServer/status iris
            """,
            "Ready=False/RollingOut Available=False/PodsUnavailable"
                + " ModelLoaded=Unknown/PreflightPending Reconciling=True/RollingOut"
                + " Monitoring=True/PrometheusRuleApplied",
            "Normal/PrometheusRuleApplied"),
        row(
            "the objects of a first pass are there",
            World.APPLIED,
            V1,
            """
            apply ModelServer/status iris
            """,
            "Ready=False/RollingOut Available=False/PodsUnavailable"
                + " ModelLoaded=Unknown/PreflightPending Reconciling=True/RollingOut",
            ""),
        row(
            "the optional objects of a first pass are there",
            World.ALL_APPLIED,
            V1 + AROUND,
            """
            apply ModelServer/status iris
            """,
            "Ready=False/RollingOut Available=False/PodsUnavailable"
                + " ModelLoaded=Unknown/PreflightPending Reconciling=True/RollingOut"
                + " ScalingActive=Unknown/AutoscalerPending Monitoring=True/MonitoringApplied",
            ""),
        row(
            "what is optional is switched off",
            World.ALL_APPLIED,
            V1,
            """
            delete HorizontalPodAutoscaler iris
            delete ServiceMonitor iris
            delete PrometheusRule iris
            delete NetworkPolicy iris
            apply ModelServer/status iris
            """,
            "Ready=False/RollingOut Available=False/PodsUnavailable"
                + " ModelLoaded=Unknown/PreflightPending Reconciling=True/RollingOut",
            ""),
        row(
            "what is optional is switched off, and no ServiceMonitor can be listed",
            World.UNLISTED_MONITORS,
            V1,
            """
            delete HorizontalPodAutoscaler iris
            delete ServiceMonitor iris
            delete PrometheusRule iris
            delete NetworkPolicy iris
            apply ModelServer/status iris
            """,
            "Ready=False/RollingOut Available=False/PodsUnavailable"
                + " ModelLoaded=Unknown/PreflightPending Reconciling=True/RollingOut",
            ""),
        row(
            "no ServiceMonitor can be listed",
            World.UNLISTED_MONITORS,
            V1 + AROUND,
            """
            apply ModelServer/status iris
            """,
            "Ready=False/RollingOut Available=False/PodsUnavailable"
                + " ModelLoaded=Unknown/PreflightPending Reconciling=True/RollingOut"
                + " ScalingActive=Unknown/AutoscalerPending Monitoring=True/MonitoringApplied",
            ""),
        row(
            "the kind ServiceMonitor vanished",
            World.MONITORS_VANISHED,
            V1 + AROUND,
            """
            create Event
            apply ModelServer/status iris
            """,
            "Ready=False/RollingOut Available=False/PodsUnavailable"
                + " ModelLoaded=Unknown/PreflightPending Reconciling=True/RollingOut"
                + " ScalingActive=Unknown/AutoscalerPending Monitoring=False/ServiceMonitorKindMissing",
            "Warning/ServiceMonitorKindMissing"),
        row(
            "good and quiet",
            World.GOOD,
            V1,
            "",
            "Ready=True/Ready Available=True/PodsAvailable ModelLoaded=True/ModelLoaded",
            ""),
        row(
            "a new version",
            World.GOOD,
            V2,
            """
            apply ModelServer/status iris
            apply ControllerRevision iris-V2
            apply ConfigMap iris-V2
            apply Deployment iris
            create Event
            apply ModelServer/status iris
            """,
            "Ready=False/RollingOut Available=True/PodsAvailable"
                + " ModelLoaded=Unknown/PreflightPending Reconciling=True/RollingOut",
            "Normal/RollingOut"),
        row(
            "another number of pods",
            World.GOOD,
            V1.replace("replicas: 2", "replicas: 3"),
            """
            apply Deployment iris
            apply ModelServer/status iris
            """,
            "Ready=True/Ready Available=True/PodsAvailable ModelLoaded=True/ModelLoaded",
            ""),
        row(
            "deleted objects come back",
            World.DELETED,
            V1,
            """
            apply Service iris
            apply PodDisruptionBudget iris
            """,
            "Ready=True/Ready Available=True/PodsAvailable ModelLoaded=True/ModelLoaded",
            ""),
        row(
            "a model that can never be served is rolled back",
            World.REFUSED_MODEL,
            V2,
            """
            apply ModelServer/status iris
            apply ControllerRevision iris-V2
            apply Deployment iris
            create Event
            apply ModelServer/status iris
            """,
            "Ready=False/RolledBack Available=True/PodsAvailable ModelLoaded=False/InvalidModel"
                + " Stalled=True/RolledBack RolledBack=True/InvalidModel",
            "Warning/RolledBack"),
        row(
            "an invalid spec beside nothing",
            World.NOTHING,
            INVALID,
            """
            create Event
            apply ModelServer/status iris
            """,
            "Ready=False/InvalidSpec Available=False/PodsUnavailable"
                + " ModelLoaded=Unknown/InvalidSpec Stalled=True/InvalidSpec",
            "Warning/InvalidSpec"),
        row(
            "an invalid spec beside a good revision",
            World.GOOD,
            INVALID,
            """
            create Event
            apply ModelServer/status iris
            """,
            "Ready=False/InvalidSpec Available=True/PodsAvailable ModelLoaded=Unknown/InvalidSpec"
                + " Stalled=True/InvalidSpec",
            "Warning/InvalidSpec"),
        row(
            "an invalid spec beside a policy: that stays as it is",
            World.ISOLATED,
            INVALID,
            """
            create Event
            apply ModelServer/status iris
            """,
            "Ready=False/InvalidSpec Available=True/PodsAvailable ModelLoaded=Unknown/InvalidSpec"
                + " Stalled=True/InvalidSpec",
            "Warning/InvalidSpec"),
        row(
            "a policy that was deleted",
            World.OPENED,
            V1 + "\nnetworkPolicy: {}",
            """
            apply NetworkPolicy iris
            """,
            "Ready=True/Ready Available=True/PodsAvailable ModelLoaded=True/ModelLoaded",
            ""),
        row(
            "a policy for others",
            World.ISOLATED,
            V1 + "\nnetworkPolicy: {from: [{namespaceSelector: {}}]}",
            """
            apply NetworkPolicy iris
            apply ModelServer/status iris
            """,
            "Ready=True/Ready Available=True/PodsAvailable ModelLoaded=True/ModelLoaded",
            ""),
        row(
            "no policy any more",
            World.ISOLATED,
            V1,
            """
            delete NetworkPolicy iris
            apply ModelServer/status iris
            """,
            "Ready=True/Ready Available=True/PodsAvailable ModelLoaded=True/ModelLoaded",
            ""),
        row(
            "an invalid spec, and deleted objects",
            World.DELETED,
            INVALID,
            """
            apply Service iris
            apply PodDisruptionBudget iris
            create Event
            apply ModelServer/status iris
            """,
            "Ready=False/InvalidSpec Available=True/PodsAvailable ModelLoaded=Unknown/InvalidSpec"
                + " Stalled=True/InvalidSpec",
            "Warning/InvalidSpec"),
        row(
            "a Service of somebody else: NameConflict",
            World.STRANGER,
            V1,
            """
            apply ControllerRevision iris-V1
            apply ConfigMap iris-V1
            apply ServiceAccount iris-server
            apply Deployment iris
            apply PodDisruptionBudget iris
            create Event
            apply ModelServer/status iris
            """,
            "Ready=False/NameConflict Available=False/PodsUnavailable"
                + " ModelLoaded=Unknown/PreflightPending Stalled=True/NameConflict",
            "Warning/NameConflict"));
  }

  @ParameterizedTest
  @MethodSource("undisturbed")
  void aPassWithoutFaults(Row row) {
    check(row);
  }

  /** What the API server says by the code of its answer, and what that is for us. */
  private enum Answer {
    FORBIDDEN(
        403,
        "x is forbidden: User \"op\" cannot patch resource \"x\" in API group \"\" in the namespace"
            + " \"models\"",
        "Forbidden",
        "Forbidden",
        "Stalled=True/Forbidden",
        "Warning/Forbidden"),
    INVALID(
        422,
        "x \"iris\" is invalid: spec.y: Unsupported value",
        "Invalid",
        "Invalid",
        "Stalled=True/Invalid",
        "Warning/Invalid"),
    CONFLICT(
        409,
        "Operation cannot be fulfilled: the object has been modified",
        "Conflict",
        "RollingOut",
        "Reconciling=True/Conflict",
        "Normal/RollingOut"),
    UNAVAILABLE(
        500,
        "etcdserver: leader changed",
        "ApiServerUnavailable",
        "ApiServerUnavailable",
        "Reconciling=True/ApiServerUnavailable",
        "Warning/ApiServerUnavailable");

    private final int code;
    private final String message;
    private final String reason;
    private final String ready;
    private final String progress;
    private final String event;

    Answer(int code, String message, String reason, String ready, String progress, String event) {
      this.code = code;
      this.message = message;
      this.reason = reason;
      this.ready = ready;
      this.progress = progress;
      this.event = event;
    }

    Fault to(String write, String holding) {
      return new Fault(write, holding, code, message);
    }
  }

  /** Writes that are refused where nothing exists, and the writes that then are not attempted. */
  private static final Map<String, List<String>> WITHOUT =
      Map.of(
          "apply ControllerRevision",
              List.of("apply Deployment iris", "apply HorizontalPodAutoscaler iris"),
          "apply ConfigMap", List.of("apply Deployment iris", "apply HorizontalPodAutoscaler iris"),
          "apply ServiceAccount",
              List.of("apply Deployment iris", "apply HorizontalPodAutoscaler iris"),
          "apply NetworkPolicy",
              List.of("apply Deployment iris", "apply HorizontalPodAutoscaler iris"),
          "apply Deployment", List.of("apply HorizontalPodAutoscaler iris"),
          "apply Service", List.of(),
          "apply PodDisruptionBudget", List.of(),
          "apply HorizontalPodAutoscaler", List.of());

  private static final String ALL =
      """
      apply ControllerRevision iris-V1
      apply ConfigMap iris-V1
      apply ServiceAccount iris-server
      apply NetworkPolicy iris
      apply Deployment iris
      apply Deployment iris
      apply Deployment iris
      apply Service iris
      apply PodDisruptionBudget iris
      apply HorizontalPodAutoscaler iris
      apply ServiceMonitor iris
      apply PrometheusRule iris
      create Event
      create Event
      create Event
      apply ModelServer/status iris
      """;

  private static final String UNDER_WAY =
      "Ready=False/%s Available=False/PodsUnavailable ModelLoaded=Unknown/PreflightPending %s"
          + " ScalingActive=Unknown/AutoscalerPending Monitoring=%s";

  static Stream<Row> refused() {
    List<Row> rows = new ArrayList<>();
    for (Answer answer : Answer.values()) {
      WITHOUT.forEach((write, without) -> rows.add(refused(write, without, answer)));
      for (String kind : List.of("ServiceMonitor", "PrometheusRule")) {
        rows.add(
            refused(
                "apply " + kind,
                ALL,
                answer,
                UNDER_WAY.formatted(
                    "RollingOut", "Reconciling=True/RollingOut", "False/" + answer.reason),
                "Normal/AutoscalerPending Normal/RollingOut Warning/" + answer.reason));
      }
      // The status says the same.
      rows.add(
          refused(
              "create Event",
              ALL,
              answer,
              UNDER_WAY.formatted(
                  "RollingOut", "Reconciling=True/RollingOut", "True/MonitoringApplied"),
              ""));
      rows.add(
          refused(
              "apply ModelServer/status",
              ALL,
              answer,
              "",
              "Normal/AutoscalerPending Normal/MonitoringApplied Normal/RollingOut"));
    }
    return rows.stream();
  }

  private static Row refused(String write, List<String> without, Answer answer) {
    List<String> writes = new ArrayList<>(words(ALL, "\n"));
    writes.removeAll(without);
    if (write.equals("apply Deployment")) {
      // The first of three: the number of pods is handed over to the autoscaler.
      writes.remove("apply Deployment iris");
      writes.remove("apply Deployment iris");
    }
    return refused(
        write,
        String.join("\n", writes),
        answer,
        UNDER_WAY.formatted(answer.ready, answer.progress, "True/MonitoringApplied"),
        Stream.of("Normal/AutoscalerPending", "Normal/MonitoringApplied", answer.event)
            .sorted()
            .collect(Collectors.joining(" ")));
  }

  private static Row refused(
      String write, String writes, Answer answer, String conditions, String events) {
    return row(write, World.NOTHING, V1 + AROUND, writes, conditions, events)
        .with(answer, write, "");
  }

  @ParameterizedTest
  @MethodSource("refused")
  void aPassWithOneRefusedWrite(Row row) {
    check(row);
  }

  static Stream<Row> refusedLater() {
    return Stream.of(
        row(
                "the Deployment of a new version",
                World.GOOD,
                V2,
                """
                apply ModelServer/status iris
                apply ControllerRevision iris-V2
                apply ConfigMap iris-V2
                apply Deployment iris
                apply ModelServer/status iris
                apply ControllerRevision iris-V2
                create Event
                apply ModelServer/status iris
                """,
                "Ready=False/RolledBack Available=True/PodsAvailable ModelLoaded=False/Invalid"
                    + " Stalled=True/RolledBack RolledBack=True/Invalid",
                "Warning/RolledBack")
            .with(Answer.INVALID, "apply Deployment", hash(V2)),
        row(
                "the Deployment of a new version",
                World.GOOD,
                V2,
                """
                apply ModelServer/status iris
                apply ControllerRevision iris-V2
                apply ConfigMap iris-V2
                apply Deployment iris
                create Event
                apply ModelServer/status iris
                """,
                "Ready=False/Forbidden Available=True/PodsAvailable"
                    + " ModelLoaded=Unknown/PreflightPending Stalled=True/Forbidden",
                "Warning/Forbidden")
            .with(Answer.FORBIDDEN, "apply Deployment", hash(V2)),
        row(
                "the Deployment of a new version",
                World.GOOD,
                V2,
                """
                apply ModelServer/status iris
                apply ControllerRevision iris-V2
                apply ConfigMap iris-V2
                apply Deployment iris
                create Event
                apply ModelServer/status iris
                """,
                "Ready=False/ApiServerUnavailable Available=True/PodsAvailable"
                    + " ModelLoaded=Unknown/PreflightPending Reconciling=True/ApiServerUnavailable",
                "Warning/ApiServerUnavailable")
            .with(Answer.UNAVAILABLE, "apply Deployment", hash(V2)),
        row(
                "every Deployment",
                World.LOST,
                V2,
                """
                apply ModelServer/status iris
                apply ControllerRevision iris-V2
                apply ConfigMap iris-V2
                apply Deployment iris
                apply Deployment iris
                create Event
                apply ModelServer/status iris
                """,
                "Ready=False/Invalid Available=False/PodsUnavailable"
                    + " ModelLoaded=Unknown/PreflightPending Stalled=True/Invalid",
                "Warning/Invalid")
            .with(Answer.INVALID, "apply Deployment", ""),
        row(
                "the status before a new record",
                World.GOOD,
                V2,
                """
                apply ModelServer/status iris
                """,
                "Ready=True/Ready Available=True/PodsAvailable ModelLoaded=True/ModelLoaded",
                "")
            .with(Answer.FORBIDDEN, "apply ModelServer/status", ""),
        row(
                "an autoscaler that is no longer wanted",
                World.ALL_APPLIED,
                V1,
                """
                delete HorizontalPodAutoscaler iris
                delete ServiceMonitor iris
                delete PrometheusRule iris
                delete NetworkPolicy iris
                create Event
                apply ModelServer/status iris
                """,
                "Ready=False/Forbidden Available=False/PodsUnavailable"
                    + " ModelLoaded=Unknown/PreflightPending Stalled=True/Forbidden",
                "Warning/Forbidden")
            .with(Answer.FORBIDDEN, "delete HorizontalPodAutoscaler", ""),
        row(
                "a ServiceMonitor that is no longer wanted",
                World.ALL_APPLIED,
                V1,
                """
                delete HorizontalPodAutoscaler iris
                delete ServiceMonitor iris
                delete PrometheusRule iris
                delete NetworkPolicy iris
                create Event
                apply ModelServer/status iris
                """,
                "Ready=False/RollingOut Available=False/PodsUnavailable"
                    + " ModelLoaded=Unknown/PreflightPending Reconciling=True/RollingOut"
                    + " Monitoring=False/Conflict",
                "Warning/Conflict")
            .with(Answer.CONFLICT, "delete ServiceMonitor", ""),
        row(
                "a Service beside an invalid spec",
                World.DELETED,
                INVALID,
                """
                apply Service iris
                apply PodDisruptionBudget iris
                create Event
                apply ModelServer/status iris
                """,
                "Ready=False/InvalidSpec Available=True/PodsAvailable"
                    + " ModelLoaded=Unknown/InvalidSpec Stalled=True/InvalidSpec",
                "Warning/InvalidSpec")
            .with(Answer.UNAVAILABLE, "apply Service", ""));
  }

  @ParameterizedTest
  @MethodSource("refusedLater")
  void aLaterPassWithOneRefusedWrite(Row row) {
    check(row);
  }

  private static void check(Row row) {
    try (WholePass pass = new WholePass()) {
      row.world().make.accept(pass);
      pass.server.forgetWrites();
      List<String> events = pass.events();
      pass.spec(row.spec());
      pass.server.refuse(row.fault());

      Throwable thrown = catchThrowable(pass::run);

      List<String> told = new ArrayList<>(pass.events());
      events.forEach(told::remove);
      assertThat(pass.server.writes().stream().map(WholePassTest::named))
          .containsExactlyElementsOf(row.writes());
      assertThat(pass.conditions()).containsExactlyElementsOf(row.conditions());
      assertThat(told).containsExactlyElementsOf(row.events());
      assertThat(thrown != null).isEqualTo(row.again());
    }
  }

  /** Hashes of revisions by the version that they are of. */
  private static String named(String text) {
    return text.replace(hash(V1), "V1")
        .replace(hash(V2), "V2")
        .replaceAll("Event iris\\.\\S+", "Event");
  }

  private static String hash(String spec) {
    return Yaml.resolved(Yaml.modelServer(spec)).workload().hash();
  }
}
