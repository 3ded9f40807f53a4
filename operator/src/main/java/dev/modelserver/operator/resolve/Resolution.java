package dev.modelserver.operator.resolve;

import dev.modelserver.operator.resolve.ResolvedModelServer.Disruption;
import dev.modelserver.operator.resolve.ResolvedModelServer.Rollout;
import dev.modelserver.operator.resolve.ResolvedModelServer.Scaling;
import dev.modelserver.operator.resolve.ResolvedModelServer.Service;
import java.util.List;
import java.util.Optional;

/** A spec with every default filled in, or the sentences that say what a person must change. */
public sealed interface Resolution {
  /** The spec can be rendered. */
  record Accepted(ResolvedModelServer server) implements Resolution {}

  /**
   * The spec cannot be rendered; each problem names field, value and remedy.
   *
   * @param followed what of the spec the last good revision can follow
   */
  record Rejected(List<String> problems, Followed followed) implements Resolution {}

  /**
   * Parts of a spec that stand around a revision; empty where they cannot be read.
   *
   * @param held whether nothing is to be written but the status
   */
  record Followed(
      Optional<Scaling> scaling,
      Optional<Rollout> rollout,
      Optional<Service> service,
      Optional<Exposure> exposure,
      Optional<Disruption> disruption,
      boolean held) {}
}
