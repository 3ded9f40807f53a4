package dev.modelserver.operator.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Runs scripts, each with an operator, a proxy and a namespace of its own. */
final class Trial {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration QUIET = Duration.ofMillis(700);
  private static final Duration LONG_QUIET = Duration.ofSeconds(3);

  /**
   * The operator looks again at what it may have missed this often, instead of every few minutes.
   */
  private static final Map<String, String> CONFIGURATION = Map.of("MODELSERVER_RESYNC", "5s");

  private final ControlPlane plane;
  private final OperatorProcess.Archive archive;

  Trial(ControlPlane plane, OperatorProcess.Archive archive) {
    this.plane = plane;
    this.archive = archive;
  }

  /**
   * What a run came to.
   *
   * @param counts objects that were created and deleted by the operator, with how often
   * @param writes of the operator since the script's action began
   * @param events that its watches brought since then
   * @param fired whether the fault happened
   * @param differences to the undisturbed run
   * @param seconds it took
   */
  record Result(
      EndState end,
      Map<String, Integer> counts,
      int writes,
      int events,
      boolean fired,
      List<String> differences,
      double seconds) {
    boolean same() {
      return differences.isEmpty();
    }
  }

  /** Runs a script without a fault. */
  Result reference(Script script) {
    return run(script, Fault.NONE, null);
  }

  /** Runs a script with a fault, until it has come to the end state of the undisturbed run. */
  Result run(Script script, Fault fault, @Nullable Result reference) {
    long began = System.nanoTime();
    String namespace =
        "%s-%s-%d".formatted(script.id(), fault.kind().id(), NUMBER.incrementAndGet());
    Stage stage = Stage.create(plane.client(), namespace);
    try (FaultProxy proxy = FaultProxy.start(plane);
        OperatorProcess operator =
            OperatorProcess.start(proxy.url(), namespace, CONFIGURATION, archive)) {
      script.setup().accept(stage);
      awaitQuiet(stage, proxy, QUIET);
      FaultInjector injector = new FaultInjector(fault, operator::crash);
      operator.awaitStarted();
      proxy.interfere(injector);
      script.action().accept(stage);
      if (fault.kind() == Fault.Kind.OLD_VIEW) {
        goBack(script, stage, proxy, operator, injector);
      }
      EndState end;
      List<String> differences;
      if (reference == null) {
        Await.until(
            script.id() + " arrives: " + operator.lastLines(),
            LIMIT,
            () -> script.goal().test(stage));
        end = awaitQuiet(stage, proxy, LONG_QUIET);
        differences = List.of();
      } else {
        Await.within(
            LIMIT,
            () -> {
              operator.restartIfEnded();
              return settled(stage, proxy, reference.end());
            });
        end = EndState.of(plane.client(), namespace);
        differences = new ArrayList<>(reference.end().differences(end));
        if (!counts(proxy).equals(reference.counts())) {
          differences.add(
              "created and deleted: expected %s, were %s"
                  .formatted(reference.counts(), counts(proxy)));
        }
      }
      return new Result(
          end,
          counts(proxy),
          injector.writes(),
          injector.events(),
          injector.fired(),
          differences,
          (System.nanoTime() - began) / 1e9);
    } finally {
      stage.delete();
    }
  }

  /** The operator starts anew with an old view of what it did, and catches up in the end. */
  private void goBack(
      Script script,
      Stage stage,
      FaultProxy proxy,
      OperatorProcess operator,
      FaultInjector injector) {
    Await.until(script.id() + " arrives", LIMIT, () -> script.goal().test(stage));
    awaitQuiet(stage, proxy, QUIET);
    injector
        .before()
        .ifPresent(
            version -> {
              proxy.showPast(version);
              operator.crash();
              operator.awaitStarted();
              awaitQuiet(stage, proxy, LONG_QUIET);
              proxy.showPresent();
            });
  }

  /** Whether the state is as it should be, and stays so. */
  private boolean settled(Stage stage, FaultProxy proxy, EndState wanted) {
    if (!EndState.of(plane.client(), stage.namespace()).equals(wanted)) {
      return false;
    }
    return awaitQuiet(stage, proxy, QUIET).equals(wanted);
  }

  /** Waits until nothing is written and nothing changes for a while; the state it then is in. */
  private EndState awaitQuiet(Stage stage, FaultProxy proxy, Duration quiet) {
    EndState[] last = {EndState.of(plane.client(), stage.namespace())};
    int[] writes = {proxy.writes().size()};
    long[] since = {System.nanoTime()};
    Await.until(
        stage.namespace() + " is quiet",
        LIMIT,
        () -> {
          EndState now = EndState.of(plane.client(), stage.namespace());
          if (!now.equals(last[0]) || proxy.writes().size() != writes[0]) {
            last[0] = now;
            writes[0] = proxy.writes().size();
            since[0] = System.nanoTime();
          }
          return System.nanoTime() - since[0] > quiet.toNanos();
        });
    return last[0];
  }

  /** Objects that the API server created and deleted for the operator; Events are not counted. */
  private static Map<String, Integer> counts(FaultProxy proxy) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Write write : proxy.writes()) {
      boolean deleted = write.verb().equals("DELETE") && write.done();
      if (!write.event() && (write.created() || deleted)) {
        counts.merge(
            (deleted ? "deleted " : "created ") + write.resource() + "/" + write.name(),
            1,
            Integer::sum);
      }
    }
    return counts;
  }
}
