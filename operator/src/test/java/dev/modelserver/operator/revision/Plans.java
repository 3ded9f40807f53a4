package dev.modelserver.operator.revision;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.names.Annotations;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.snapshot.Observed;
import java.util.List;
import java.util.Map;

/** Plans over two versions of a model, as the tests of this package write them. */
final class Plans {
  static final ResolvedModelServer V1 = version("v1", "");
  static final ResolvedModelServer V2 = version("v2", "");
  static final ResolvedModelServer V2_RETRIED = version("v2", "again");
  static final String ONE = V1.workload().hash();
  static final String TWO = V2.workload().hash();

  private Plans() {}

  static ResolvedModelServer limited(String version) {
    return Yaml.resolved(
        "model: {uri: 'https://h/m', version: %s}\nrollout: {revisionHistoryLimit: 2}"
            .formatted(version));
  }

  static ResolvedModelServer version(String version, String retry) {
    ModelServer server =
        Yaml.modelServer("model: {uri: 'https://h/m', version: %s}".formatted(version));
    server.getMetadata().setAnnotations(Map.of(Annotations.RETRY, retry));
    return Yaml.resolved(server);
  }

  /** The same spec with the annotation modelserver.dev/rollback-to. */
  static ResolvedModelServer backTo(String version, String number) {
    ModelServer server =
        Yaml.modelServer("model: {uri: 'https://h/m', version: %s}".formatted(version));
    server.getMetadata().setAnnotations(Map.of(Annotations.ROLLBACK_TO, number));
    return Yaml.resolved(server);
  }

  static RevisionPlan plan(ResolvedModelServer server, List<Revision> history, Observed observed) {
    return RevisionPlanner.plan(server, history, observed, () -> Yaml.rendered(server));
  }

  static List<Revision> good(ResolvedModelServer server) {
    return good(server, List.of());
  }

  static List<Revision> good(ResolvedModelServer server, List<Revision> before) {
    String hash = server.workload().hash();
    return plan(
            server,
            plan(server, before, World.empty()).kept(),
            World.of(World.complete(hash, 3), World.verified(hash, "ab12")))
        .kept();
  }

  static RevisionPlan failing(
      ResolvedModelServer server, List<Revision> history, String reason, boolean isFinal) {
    String hash = server.workload().hash();
    return plan(
        server,
        plan(server, history, World.empty()).kept(),
        World.of(World.rolling(hash, 3, ""), World.refused(hash, reason, isFinal)));
  }
}
