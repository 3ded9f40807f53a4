package dev.modelserver.operator.resolve;

import java.util.List;

/** A spec with every default filled in, or the sentences that say what a person must change. */
public sealed interface Resolution {
  /** The spec can be rendered. */
  record Accepted(ResolvedModelServer server) implements Resolution {}

  /** The spec cannot be rendered; each problem names field, value and remedy. */
  record Rejected(List<String> problems) implements Resolution {}
}
