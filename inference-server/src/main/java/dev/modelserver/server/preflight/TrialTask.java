package dev.modelserver.server.preflight;

import dev.modelserver.server.model.Digest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a trial process is to do, passed on its standard input.
 *
 * @param model the model's digest
 * @param crashed runs that ended a process before this one
 * @param survived runs that one outlived
 * @param onlySurvived whether no other runs may be tried
 */
record TrialTask(Digest model, Set<Digest> crashed, Set<Digest> survived, boolean onlySurvived) {

  private static final String CRASHED = "crashed ";
  private static final String SURVIVED = "survived ";
  private static final String ONLY_SURVIVED = "only-survived";

  TrialTask {
    crashed = Set.copyOf(crashed);
    survived = Set.copyOf(survived);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>(List.of(model.hex()));
    crashed.forEach(run -> lines.add(CRASHED + run.hex()));
    survived.forEach(run -> lines.add(SURVIVED + run.hex()));
    if (onlySurvived) {
      lines.add(ONLY_SURVIVED);
    }
    return lines;
  }

  /**
   * Reads what {@link #lines} gave.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static TrialTask parse(List<String> lines) {
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("no task");
    }
    Set<Digest> crashed = new LinkedHashSet<>();
    Set<Digest> survived = new LinkedHashSet<>();
    for (String line : lines.subList(1, lines.size())) {
      if (line.startsWith(CRASHED)) {
        crashed.add(new Digest(line.substring(CRASHED.length())));
      } else if (line.startsWith(SURVIVED)) {
        survived.add(new Digest(line.substring(SURVIVED.length())));
      }
    }
    return new TrialTask(
        new Digest(lines.getFirst()), crashed, survived, lines.contains(ONLY_SURVIVED));
  }
}
