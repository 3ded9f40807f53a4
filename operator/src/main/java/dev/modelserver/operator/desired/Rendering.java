package dev.modelserver.operator.desired;

import dev.modelserver.operator.names.Owner;
import dev.modelserver.operator.resolve.Workload;
import dev.modelserver.operator.revision.Rendered;
import java.util.Map;

/** Renders a revision, once in its life. */
public final class Rendering {
  private Rendering() {}

  /** The pod template and the data of the ConfigMap that it mounts. */
  public static Rendered of(Owner owner, Workload workload) {
    return new Rendered(
        PodTemplate.of(owner, workload),
        Map.of(ServerConfig.FILE, ServerConfig.of(workload).toJson()));
  }
}
