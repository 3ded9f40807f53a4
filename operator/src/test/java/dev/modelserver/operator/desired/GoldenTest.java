package dev.modelserver.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.api.v1alpha1.ModelServerStatus;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import dev.modelserver.operator.revision.RevisionPlan;
import dev.modelserver.operator.revision.RevisionPlanner;
import dev.modelserver.operator.revision.World;
import dev.modelserver.operator.status.Situation;
import dev.modelserver.operator.status.StatusFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden manifests: each folder of src/test/resources/golden holds a ModelServer and every object
 * it wants, named by kind and name, and the status of the first pass. `make golden` writes them
 * anew (-Dgolden.update=true); review the difference as YAML.
 */
class GoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final Path SAMPLES = Path.of("../samples");

  static Stream<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(GOLDEN)) {
      return folders.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersTheGoldenManifests(Path folder) throws IOException {
    Map<String, String> rendered = render(Files.readString(folder.resolve("in.yaml")));

    if (Boolean.getBoolean("golden.update")) {
      for (Path old : outputs(folder)) {
        Files.delete(old);
      }
      for (Map.Entry<String, String> file : rendered.entrySet()) {
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
      }
    }

    assertThat(outputs(folder).stream().map(p -> p.getFileName().toString()))
        .containsExactlyInAnyOrderElementsOf(rendered.keySet());
    for (Map.Entry<String, String> file : rendered.entrySet()) {
      assertThat(folder.resolve(file.getKey())).hasContent(file.getValue());
    }
  }

  @Test
  void everySampleIsRendered() throws IOException {
    List<String> kinds = new ArrayList<>();
    try (Stream<Path> samples = Files.list(SAMPLES)) {
      for (Path sample : samples.filter(p -> p.toString().endsWith(".yaml")).sorted().toList()) {
        for (String document : Files.readString(sample).split("(?m)^---$")) {
          if (document.contains("kind: ModelServer")) {
            kinds.addAll(
                render(document.replaceFirst("metadata:", "metadata:\n  namespace: x\n  uid: y"))
                    .keySet());
          }
        }
      }
    }

    assertThat(kinds.stream().filter(k -> k.startsWith("out-Deployment-"))).hasSizeGreaterThan(9);
    assertThat(kinds)
        .anyMatch(k -> k.startsWith("out-HorizontalPodAutoscaler-"))
        .anyMatch(k -> k.startsWith("out-ServiceMonitor-"))
        .anyMatch(k -> k.startsWith("out-PrometheusRule-"));
  }

  @Test
  void renderingTwiceGivesTheSameBytesAndChangesNothing() throws IOException {
    String in = Files.readString(GOLDEN.resolve("every-field/in.yaml"));
    ModelServer server = Yaml.read(ModelServer.class, in);
    String before = Yaml.write(server);
    ResolvedModelServer resolved = Yaml.resolved(server);

    assertThat(Yaml.write(Yaml.rendered(resolved))).isEqualTo(Yaml.write(Yaml.rendered(resolved)));
    assertThat(Yaml.write(server)).isEqualTo(before);
  }

  private static List<Path> outputs(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(p -> !p.getFileName().toString().equals("in.yaml")).toList();
    }
  }

  /** File name to YAML of every object that the ModelServer wants. */
  private static Map<String, String> render(String in) {
    ModelServer primary = Yaml.read(ModelServer.class, in);
    ResolvedModelServer server = Yaml.resolved(primary);
    RevisionPlan plan =
        RevisionPlanner.plan(server, List.of(), World.empty(), () -> Yaml.rendered(server));
    DesiredObjects desired = DesiredObjects.of(server, plan);
    List<HasMetadata> objects = new ArrayList<>(desired.before());
    objects.add(desired.deployment());
    objects.addAll(desired.after());
    desired.optional().forEach(object -> object.wanted().ifPresent(objects::add));
    objects.addAll(desired.lasting());
    Map<String, String> files = new TreeMap<>();
    for (HasMetadata object : objects) {
      // Not the hash: a file whose content changes keeps its name.
      String name = object.getMetadata().getName().replace(plan.current().hash(), "HASH");
      String file = "out-%s-%s.yaml".formatted(object.getKind(), name);
      assertThat(files.put(file, Yaml.write(object))).as("another %s", file).isNull();
    }
    files.put("status.yaml", Yaml.write(status(primary, server, plan)));
    return files;
  }

  /** The status after the first pass, when nothing is there yet. */
  private static ModelServerStatus status(
      ModelServer primary, ResolvedModelServer server, RevisionPlan plan) {
    Situation situation =
        new Situation(
            server,
            plan,
            World.empty(),
            List.of(),
            Map.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of());
    return new StatusFactory(Clock.fixed(World.empty().now(), ZoneOffset.UTC))
        .of(primary, situation);
  }
}
