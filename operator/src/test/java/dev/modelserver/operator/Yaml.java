package dev.modelserver.operator;

import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.desired.Rendering;
import dev.modelserver.operator.resolve.ModelDefaults;
import dev.modelserver.operator.resolve.ModelHosts;
import dev.modelserver.operator.resolve.Resolution;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.Resolver;
import dev.modelserver.operator.revision.Rendered;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** ModelServers and other objects from YAML, as tests write them. */
public final class Yaml {
  /** The operator's configuration in tests. */
  public static final Resolver.Settings SETTINGS =
      new Resolver.Settings(
          "registry.test/server:1.0.0",
          ModelHosts.ANY,
          Duration.ofSeconds(5),
          Optional.empty(),
          List.of(),
          ModelDefaults.NONE);

  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private Yaml() {}

  /** Reads an object. */
  public static <T> T read(Class<T> type, String yaml) {
    return SERIALIZATION.unmarshal(yaml, type);
  }

  /** Writes an object. */
  public static String write(Object object) {
    return SERIALIZATION.asYaml(object);
  }

  /** A ModelServer `iris` with this spec. */
  public static ModelServer modelServer(String spec) {
    return read(
        ModelServer.class,
        """
        apiVersion: modelserver.dev/v1alpha1
        kind: ModelServer
        metadata: {name: iris, namespace: models, uid: 7c1a, generation: 3}
        spec:
        """
            + spec.indent(2));
  }

  /** A ModelServer that must be accepted, with its defaults filled in. */
  public static ResolvedModelServer resolved(ModelServer server) {
    return switch (new Resolver(SETTINGS).resolve(server)) {
      case Resolution.Accepted accepted -> accepted.server();
      case Resolution.Rejected rejected -> throw new AssertionError(rejected.problems());
    };
  }

  /** A spec that must be accepted, with its defaults filled in. */
  public static ResolvedModelServer resolved(String spec) {
    return resolved(modelServer(spec));
  }

  /** What a revision of this spec is rendered to. */
  public static Rendered rendered(ResolvedModelServer server) {
    return Rendering.of(server);
  }
}
