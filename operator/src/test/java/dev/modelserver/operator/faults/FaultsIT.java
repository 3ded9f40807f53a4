package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.faults.Plan.Played;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Whatever goes wrong on the way, it ends as if nothing had: the same objects, the same status, and
 * nothing created or deleted more often.
 *
 * <p>System properties: {@code faults.plan=SCRIPT/FAULT/NUMBER} repeats one plan or, with commas,
 * some, {@code faults.script} takes those of one script, {@code faults.kinds} those of some faults,
 * {@code faults.seconds} begins none later, {@code faults.parallel} plays so many at a time.
 */
class FaultsIT {
  private static final List<Plan> ONLY =
      Arrays.stream(System.getProperty("faults.plan", "").split(","))
          .filter(id -> !id.isEmpty())
          .map(Plan::of)
          .toList();
  private static final int ALL_DAY = 86_400;
  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("faults.seconds", ALL_DAY));

  private final long end = System.nanoTime() + TIME.toNanos();

  @Test
  void everyFaultEndsLikeNone() throws Exception {
    try (ControlPlane plane = ControlPlane.start();
        SimulatedNode _ = SimulatedNode.start(plane.client());
        FaultProxy proxy = FaultProxy.start(plane);
        ExecutorService workers =
            Executors.newFixedThreadPool(Integer.getInteger("faults.parallel", 2))) {
      Trial trial = new Trial(plane, OperatorProcess.Archive.make(proxy.url()));
      Map<Script, Trial.Result> references = references(trial, scripts(), workers);
      List<Plan> plans = ONLY.isEmpty() ? Plan.all(references, kinds()) : ONLY;
      List<Played> all = play(trial, plans, references, workers);
      List<String> table = Plan.table(all);
      table.add("%d of %d plans".formatted(all.size(), plans.size()));
      table.forEach(System.out::println);
      Files.write(Path.of("target", "faults.txt"), table);
      assertThat(all.stream().filter(p -> !p.result().same()).map(p -> p.plan().id())).isEmpty();
    }
  }

  private static List<Script> scripts() {
    if (!ONLY.isEmpty()) {
      return ONLY.stream().map(Plan::script).distinct().toList();
    }
    String id = System.getProperty("faults.script", "");
    return id.isEmpty() ? Script.ALL : List.of(Script.of(id));
  }

  private static Set<String> kinds() {
    return Arrays.stream(System.getProperty("faults.kinds", "").split(","))
        .filter(kind -> !kind.isEmpty())
        .collect(Collectors.toSet());
  }

  /**
   * Each script undisturbed; where time is no matter twice: what differs between the two would be
   * blamed on a fault.
   */
  private static Map<Script, Trial.Result> references(
      Trial trial, List<Script> scripts, ExecutorService workers) throws Exception {
    List<Callable<Trial.Result>> first = new ArrayList<>();
    scripts.forEach(script -> first.add(() -> trial.reference(script)));
    List<Future<Trial.Result>> results = workers.invokeAll(first);
    Map<Script, Trial.Result> references = new LinkedHashMap<>();
    List<Callable<Played>> again = new ArrayList<>();
    for (int i = 0; i < scripts.size(); i++) {
      Script script = scripts.get(i);
      Trial.Result result = results.get(i).get();
      references.put(script, result);
      System.out.printf(
          "undisturbed %s: %d writes, %d events, %.1f s%n",
          script.id(), result.writes(), result.events(), result.seconds());
      again.add(
          () -> new Played(new Plan(script, Fault.NONE), trial.run(script, Fault.NONE, result)));
    }
    if (TIME.toSeconds() == ALL_DAY) {
      for (Future<Played> played : workers.invokeAll(again)) {
        assertThat(played.get().result().differences()).as("undisturbed, twice").isEmpty();
      }
    }
    return references;
  }

  private List<Played> play(
      Trial trial, List<Plan> plans, Map<Script, Trial.Result> references, ExecutorService workers)
      throws InterruptedException, ExecutionException {
    List<Callable<List<Played>>> tasks = new ArrayList<>();
    for (Plan plan : plans) {
      tasks.add(
          () -> {
            if (System.nanoTime() > end) {
              return List.of();
            }
            Trial.Result reference = references.get(plan.script());
            Played played = new Played(plan, trial.run(plan.script(), plan.fault(), reference));
            System.out.println(played.told());
            return List.of(played);
          });
    }
    List<Played> all = new ArrayList<>();
    for (Future<List<Played>> future : workers.invokeAll(tasks)) {
      all.addAll(future.get());
    }
    return all;
  }
}
