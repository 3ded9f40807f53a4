package dev.modelserver.server.model;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which axes of a model's inputs may have the size 0. A kernel may end the process over an empty
 * tensor, so only what preflight has run in a process of its own is let through.
 *
 * @param combinations each a set of axes that were empty at once, all others not
 */
public record EmptyAxes(Set<Set<InputAxis>> combinations) {

  /** An axis of an input, counted from 0. */
  public record InputAxis(String input, int axis) {}

  /** No input may be empty. */
  public static final EmptyAxes NONE = new EmptyAxes(Set.of());

  public EmptyAxes {
    combinations = combinations.stream().map(Set::copyOf).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether inputs may be empty along just these axes. */
  public boolean allow(Set<InputAxis> empty) {
    return empty.isEmpty() || combinations.contains(empty);
  }
}
