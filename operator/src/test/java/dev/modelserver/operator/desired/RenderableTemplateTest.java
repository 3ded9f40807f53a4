package dev.modelserver.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.operator.Yaml;
import dev.modelserver.operator.api.v1alpha1.ModelServer;
import dev.modelserver.operator.desired.ForgedTemplates.Forgery;
import dev.modelserver.operator.resolve.ResolvedModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RenderableTemplateTest {
  @Test
  void knowsItsOwn() throws IOException {
    assertThat(RenderableTemplate.of(ForgedTemplates.OWNER, ForgedTemplates.OURS)).isTrue();
    try (Stream<Path> golden = Files.list(Path.of("src/test/resources/golden"))) {
      for (Path folder : golden.toList()) {
        ResolvedModelServer server =
            Yaml.resolved(
                Yaml.read(ModelServer.class, Files.readString(folder.resolve("in.yaml"))));
        assertThat(RenderableTemplate.of(server.owner(), PodTemplate.of(server)))
            .as(folder.toString())
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.modelserver.operator.desired.ForgedTemplates#all")
  void refusesWhatItWouldNeverRender(Forgery forgery) {
    assertThat(RenderableTemplate.of(ForgedTemplates.OWNER, forgery.template())).isFalse();
  }
}
