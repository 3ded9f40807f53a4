package dev.modelserver.operator.desired;

import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.revision.Rendered;
import java.util.Map;

/** Renders a revision, once in its life. */
public final class Rendering {
  private Rendering() {}

  /** The pod template and the data of the ConfigMap that it mounts. */
  public static Rendered of(ResolvedModelServer server) {
    return new Rendered(
        PodTemplate.of(server),
        Map.of(ServerConfig.FILE, ServerConfig.of(server.workload()).toJson()));
  }
}
