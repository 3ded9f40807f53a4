package dev.modelserver.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.resolve.ModelDefaults;
import dev.modelserver.operator.resolve.Resolution;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.resolve.Resolver;
import dev.modelserver.operator.revision.Revision;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.RevisionPlanner;
import dev.modelserver.operator.revision.World;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The CA certificates of the operator's configuration: beside the revisions, not in them. */
class DesiredTrustTest {
  private static final String REMOTE = "model: {uri: 's3://models/iris.onnx'}";
  private static final String LOCAL = "model: {configMap: {name: m, key: k}}";

  private final ModelDefaults defaults =
      ModelDefaults.parse("{\"trust\": \"%s\"}".formatted(pem().replace("\n", "\\n")));

  @Test
  void aRemoteModelHasThemInPreflightAlone() {
    DesiredObjects desired = desired(resolved(REMOTE, defaults), List.of());

    assertThat(trust(desired.before()))
        .hasValueSatisfying(
            map -> {
              assertThat(map.getData()).containsOnlyKeys("ca.crt").containsValue(pem());
              assertThat(map.getImmutable()).isNull();
              assertThat(map.getMetadata().getOwnerReferences()).hasSize(1);
            });
    assertThat(trust(desired.unwanted())).isEmpty();
    PodSpec pod = desired.deployment().getSpec().getTemplate().getSpec();
    assertThat(pod.getVolumes())
        .filteredOn(volume -> volume.getName().equals("default-trust"))
        .extracting(Volume::getConfigMap)
        .singleElement()
        .satisfies(
            map -> {
              assertThat(map.getName()).isEqualTo("iris-trust");
              assertThat(map.getOptional()).isTrue();
            });
    assertThat(mounts(pod.getInitContainers().getFirst().getVolumeMounts()))
        .contains("/etc/modelserver-default-trust");
    assertThat(mounts(pod.getContainers().getFirst().getVolumeMounts()))
        .doesNotContain("/etc/modelserver-default-trust");
    assertThat(RenderableTemplate.of(desired.deployment().getSpec().getTemplate())).isTrue();
  }

  @Test
  void noneWithoutThemOrForAModelOfTheCluster() {
    for (ResolvedModelServer server :
        List.of(resolved(REMOTE, ModelDefaults.NONE), resolved(LOCAL, defaults))) {
      DesiredObjects desired = desired(server, List.of());

      assertThat(trust(desired.before())).isEmpty();
      assertThat(trust(desired.unwanted())).isPresent();
      assertThat(desired.deployment().getSpec().getTemplate().getSpec().getVolumes())
          .noneMatch(volume -> volume.getName().equals("default-trust"));
    }
  }

  @Test
  void theyStayWhileARevisionThatIsKeptMountsThem() {
    List<Revision> history = plan(resolved(REMOTE, defaults), List.of()).kept();

    assertThat(trust(desired(resolved(LOCAL, defaults), history).before())).isPresent();
    assertThat(trust(desired(resolved(LOCAL, ModelDefaults.NONE), history).unwanted())).isPresent();
  }

  @Test
  void noRevisionIsMadeForThem() {
    ResolvedModelServer before = resolved(REMOTE, ModelDefaults.NONE);
    ResolvedModelServer after = resolved(REMOTE, defaults);
    List<Revision> history = plan(before, List.of()).kept();

    assertThat(after.workload().hash()).isEqualTo(before.workload().hash());
    assertThat(desired(after, history).deployment())
        .isEqualTo(desired(before, history).deployment());
  }

  private static List<String> mounts(List<VolumeMount> mounts) {
    return mounts.stream().map(VolumeMount::getMountPath).toList();
  }

  private static Optional<ConfigMap> trust(List<HasMetadata> objects) {
    return objects.stream()
        .flatMap(object -> object instanceof ConfigMap map ? Stream.of(map) : Stream.of())
        .filter(map -> map.getMetadata().getName().equals("iris-trust"))
        .findFirst();
  }

  private static DesiredObjects desired(ResolvedModelServer server, List<Revision> history) {
    return DesiredObjects.of(server, plan(server, history));
  }

  private static RevisionPlan plan(ResolvedModelServer server, List<Revision> history) {
    return RevisionPlanner.plan(server, history, World.empty(), () -> Yaml.rendered(server));
  }

  private static ResolvedModelServer resolved(String spec, ModelDefaults defaults) {
    Resolver.Settings settings =
        new Resolver.Settings(
            Yaml.SETTINGS.defaultImage(),
            Yaml.SETTINGS.modelHosts(),
            Yaml.SETTINGS.drainDelay(),
            Optional.empty(),
            List.of(),
            defaults);
    return switch (new Resolver(settings).resolve(Yaml.modelServer(spec))) {
      case Resolution.Accepted accepted -> accepted.server();
      case Resolution.Rejected rejected -> throw new AssertionError(rejected.problems());
    };
  }

  private static String pem() {
    try {
      return Files.readString(Path.of("src/test/resources/trust/ca.crt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
