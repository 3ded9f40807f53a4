package dev.modelserver.operator.faults;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A script with a fault. */
record Plan(Script script, Fault fault) {
  private static final int SEED = 5;

  /** Reads SCRIPT/FAULT/NUMBER. */
  static Plan of(String id) {
    String[] parts = id.split("/");
    return new Plan(
        Script.of(parts[0]), new Fault(Fault.Kind.of(parts[1]), Integer.parseInt(parts[2])));
  }

  String id() {
    return script.id() + "/" + fault.kind().id() + "/" + fault.at();
  }

  /**
   * A plan for every write and every event of the undisturbed runs, in an order of which every
   * beginning has as much of each fault, and of all scripts.
   *
   * @param kinds ids of faults; empty: all
   */
  static List<Plan> all(Map<Script, Trial.Result> references, Set<String> kinds) {
    Map<Fault.Kind, Deque<Plan>> byKind = new EnumMap<>(Fault.Kind.class);
    for (Fault.Kind kind : Fault.Kind.values()) {
      if (kinds.isEmpty() || kinds.contains(kind.id())) {
        List<Plan> plans = new ArrayList<>();
        references.forEach((script, reference) -> plans.addAll(of(script, kind, reference)));
        Collections.shuffle(plans, new Random(SEED));
        byKind.put(kind, new ArrayDeque<>(plans));
      }
    }
    List<Plan> all = new ArrayList<>();
    while (byKind.values().stream().anyMatch(plans -> !plans.isEmpty())) {
      byKind.values().forEach(plans -> Optional.ofNullable(plans.poll()).ifPresent(all::add));
    }
    return all;
  }

  private static List<Plan> of(Script script, Fault.Kind kind, Trial.Result reference) {
    int last = kind.onWrites() ? reference.writes() : kind.onEvents() ? reference.events() : 0;
    List<Plan> plans = new ArrayList<>();
    for (int at = 1; at <= last; at++) {
      plans.add(new Plan(script, new Fault(kind, at)));
    }
    return plans;
  }

  /** What came of a plan. */
  record Played(Plan plan, Trial.Result result) {
    /** For people: one line, and one for each difference. */
    String told() {
      return "%s %s %.1f s%s%s"
          .formatted(
              result.same() ? "same     " : "DIFFERENT",
              plan.id(),
              result.seconds(),
              result.fired() ? "" : " (the fault did not happen)",
              String.join("", result.differences().stream().map(d -> "\n    " + d).toList()));
    }
  }

  /** The table of all that were played: by fault, and by script. */
  static List<String> table(List<Played> all) {
    Map<String, List<Played>> rows = new LinkedHashMap<>();
    for (Fault.Kind kind : Fault.Kind.values()) {
      rows.put(kind.id(), all.stream().filter(p -> p.plan().fault().kind() == kind).toList());
    }
    for (Script script : Script.ALL) {
      rows.put(script.id(), all.stream().filter(p -> p.plan().script().equals(script)).toList());
    }
    rows.put("all", all);
    List<String> lines = new ArrayList<>();
    lines.add("%-24s %6s %9s %9s %6s".formatted("", "plans", "happened", "different", "s each"));
    rows.forEach(
        (name, played) -> {
          if (!played.isEmpty()) {
            lines.add(
                "%-24s %6d %9d %9d %6.1f"
                    .formatted(
                        name,
                        played.size(),
                        played.stream().filter(p -> p.result().fired()).count(),
                        played.stream().filter(p -> !p.result().same()).count(),
                        played.stream()
                            .mapToDouble(p -> p.result().seconds())
                            .average()
                            .orElse(0)));
          }
        });
    return lines;
  }
}
