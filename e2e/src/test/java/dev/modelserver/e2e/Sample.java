package dev.modelserver.e2e;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Some cases of many, where all of them take minutes. {@code -De2e.seed} repeats a draw, whose seed
 * is printed.
 */
final class Sample {
  private static final long SEED = Long.getLong("e2e.seed", new Random().nextLong());

  private Sample() {}

  /**
   * As many cases as a system property says, in their order; absent: all.
   *
   * @param property its name, such as {@code bad.sample}
   */
  static <T> List<T> of(List<T> all, String property) {
    int count = Integer.getInteger(property, all.size());
    if (count >= all.size()) {
      return all;
    }
    List<T> drawn = new ArrayList<>(all);
    Collections.shuffle(drawn, new Random(SEED));
    drawn.subList(count, drawn.size()).clear();
    System.out.printf(
        "%n%s: e2e.seed %d, %d of %d: %s%n", property, SEED, count, all.size(), drawn);
    return all.stream().filter(drawn::contains).toList();
  }
}
