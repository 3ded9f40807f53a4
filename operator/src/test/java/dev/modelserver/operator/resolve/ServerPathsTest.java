package dev.modelserver.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.operator.Yaml;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The prefix of a server's paths, and which paths lead to something that it answers. */
class ServerPathsTest {
  @ParameterizedTest
  @ValueSource(strings = {"/iris", "/team-a/iris.v1", "/a~b_c", "/...", "/v3", "/V2", "/x/predict"})
  void aPrefixReachesTheRevision(String prefix) {
    Workload workload = workload("server: {pathPrefix: '%s'}".formatted(prefix));

    assertThat(workload.pathPrefix()).contains(prefix);
    assertThat(workload.hash()).isNotEqualTo(workload("").hash());
    assertThat(workload("").pathPrefix()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''       | without a slash at its end",
        "/        | without a slash at its end",
        "iris     | without a slash at its end",
        "/iris/   | without a slash at its end",
        "/a//b    | without a slash at its end",
        "/a/../b  | without . or .. segments",
        "/.       | without . or .. segments",
        "/a%20b   | for example /iris",
        "/v2      | must not begin with /v2, a path of the server itself",
        "/v1/iris | must not begin with /v1, a path of the server itself",
        "/predict | must not begin with /predict, a path of the server itself",
        "/q/x     | must not begin with /q, a path of the server itself",
      })
  void anotherIsRefused(String prefix, String words) {
    String spec = "model: {uri: 'https://h/m'}\nserver: {pathPrefix: '%s'}".formatted(prefix);

    Resolution resolution = new Resolver(Yaml.SETTINGS).resolve(Yaml.modelServer(spec));

    assertThat(((Resolution.Rejected) resolution).problems())
        .singleElement()
        .asString()
        .startsWith("spec.server.pathPrefix \"" + prefix + "\" must ")
        .contains(words);
  }

  @ParameterizedTest
  @CsvSource({
    "/, true",
    "/team, true",
    "/team/, true",
    "/team/iris, true",
    "/team/iris/, true",
    "/team/iris/predict, true",
    "/team/iris/v2/models/, true",
    "/predict, true",
    "/v1/models, true",
    "/team/irisx, false",
    "/team/iri, false",
    "/team/iris/x, false",
    "/team/iris/team/iris, false",
    "/x, false",
    "/predictions, false",
    "x, false",
  })
  void besideAPrefixAPathMustLeadToSomething(String path, boolean answered) {
    Optional<String> prefix = Optional.of("/team/iris");

    assertThat(ServerPaths.named("spec.ingress.paths", List.of(path), Optional.empty()))
        .containsExactly(path);
    if (answered) {
      assertThat(ServerPaths.named("spec.ingress.paths", List.of(path), prefix))
          .containsExactly(path);
    } else {
      assertThatThrownBy(() -> ServerPaths.named("spec.ingress.paths", List.of(path), prefix))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "spec.ingress.paths \"%s\" leads to nothing that the server answers: use /, /team/iris,"
                  + " or one of its paths such as /team/iris/predict",
              path);
    }
  }

  @Test
  void noPathIsNamedByDefault() {
    assertThat(ServerPaths.named("spec.ingress.paths", null, Optional.of("/iris"))).isEmpty();
  }

  private static Workload workload(String server) {
    return Yaml.resolved("model: {uri: 'https://h/m'}\n" + server).workload();
  }
}
