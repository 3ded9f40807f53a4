package dev.modelserver.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelserver.e2e.cluster.Cluster;
import dev.modelserver.e2e.cluster.ClusterTest;
import dev.modelserver.e2e.cluster.OperatorInstall;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The schema corpus against the real API server, which alone proves CEL rules and structural
 * schema: each invalid file says in its first line which words it expects.
 */
@ClusterTest
class SchemaIT {
  private static final Path CORPUS = Path.of("src/test/resources/schema");
  private static final String EXPECTS = "# expects: ";

  private final Cluster cluster = Cluster.get();

  SchemaIT() {
    // The chart brings the CRD.
    OperatorInstall.get();
  }

  static Stream<Path> valid() throws IOException {
    return files("valid-");
  }

  static Stream<Path> invalid() throws IOException {
    return files("invalid-");
  }

  @ParameterizedTest
  @MethodSource("valid")
  void isAccepted(Path file) throws IOException {
    GenericKubernetesResource accepted = create(Files.readString(file));

    assertThat(accepted.<Integer>get("spec", "replicas")).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void isRefusedWithTheseWords(Path file) throws IOException {
    String text = Files.readString(file);
    String words = text.lines().findFirst().orElseThrow();
    assertThat(words).startsWith(EXPECTS);

    assertThatThrownBy(() -> create(text))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isBetween(400, 422))
        .hasMessageContaining(words.substring(EXPECTS.length()));
  }

  /** A strict dry run, as `kubectl apply` validates: an unknown field is an error too. */
  private GenericKubernetesResource create(String yaml) {
    GenericKubernetesResource resource =
        Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    return cluster
        .client()
        .resource(resource)
        .inNamespace("default")
        .dryRun(true)
        .fieldValidation(io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation.STRICT)
        .create();
  }

  private static Stream<Path> files(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(CORPUS)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList()
          .stream();
    }
  }
}
