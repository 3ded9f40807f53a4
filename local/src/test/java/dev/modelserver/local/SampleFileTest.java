package dev.modelserver.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleFileTest {
  private static final String HEAD =
      "apiVersion: modelserver.dev/v1alpha1\nkind: ModelServer\nmetadata: {name: iris}\n";

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void place() {
    file = directory.resolve("sample.yaml");
  }

  @Test
  void keepsTheOrderAndFillsInTheNamespace() throws Exception {
    write(
        HEAD
            + "---\n# nothing\n---\napiVersion: v1\nkind: ConfigMap\n"
            + "metadata: {name: model, namespace: team}\n");

    var sample = SampleFile.read(file);

    assertThat(sample.objects())
        .extracting(
            object -> object.path("kind").asText(),
            object -> object.at("/metadata/namespace").asText())
        .containsExactly(tuple("ModelServer", "default"), tuple("ConfigMap", "team"));
    assertThat(sample.modelServers()).hasSize(1);
    assertThat(sample.notes()).isEmpty();
  }

  @Test
  void readsWhatYamlRefersTo() throws Exception {
    write(HEAD + "spec: {model: &m {uri: file:///m}, copy: *m}\n");

    assertThat(SampleFile.read(file).objects().getFirst().at("/spec/copy/uri").asText())
        .isEqualTo("file:///m");
  }

  @Test
  void leavesTlsAndTokensOutAndSaysSo() throws Exception {
    write(
        HEAD
            + "spec: {server: {tls: {mode: Strict, secretName: t}, logLevel: DEBUG,"
            + " authentication: {mode: Strict, tokens: {secretName: s}}}}\n");

    var sample = SampleFile.read(file);

    assertThat(sample.objects().getFirst().at("/spec/server"))
        .hasToString("{\"logLevel\":\"DEBUG\"}");
    assertThat(sample.notes())
        .containsExactly(
            "iris: spec.server.tls is left out; a local run has no Secrets",
            "iris: spec.server.authentication is left out; a local run has no Secrets");
  }

  @Test
  void startsThreePodsAndSaysSo() throws Exception {
    write(HEAD + "spec: {replicas: 5, autoscaling: {minReplicas: 4}}\n");

    var sample = SampleFile.read(file);

    var spec = sample.objects().getFirst().path("spec");
    assertThat(spec.path("replicas").asInt()).isEqualTo(3);
    assertThat(spec.at("/autoscaling/minReplicas").asInt()).isEqualTo(3);
    assertThat(sample.notes())
        .containsExactly(
            "iris: spec.replicas is 5; a local run starts 3 pods",
            "iris: spec.autoscaling.minReplicas is 4; a local run starts 3 pods");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a: [                                                 | is not valid YAML: expected the node content
          a: 1\\na: 2                                          | is not valid YAML: found duplicate key a at line 2
          just text                                            | document 1 is not an object with a kind and metadata.name
          {apiVersion: v1, kind: ConfigMap}                    | document 1 is not an object with a kind and metadata.name
          {apiVersion: v1, kind: Secret, metadata: {name: s}}  | document 1 is a v1/Secret: a local run knows ConfigMap and ModelServer
          {apiVersion: v1, kind: ConfigMap, metadata: {name: c}} | holds no ModelServer: there is nothing to run
          {apiVersion: modelserver.dev/v1alpha1, kind: ModelServer, metadata: {name: a}, spec: {model: {persistentVolumeClaim: {claimName: c, path: m}}}} | ModelServer a reads PersistentVolumeClaim c: a local run has no volume claims; use a cluster
          """)
  void refusesWhatALocalRunDoesNotHave(String text, String message) throws Exception {
    write(text.replace("\\n", "\n"));

    assertThatThrownBy(() -> SampleFile.read(file))
        .isInstanceOf(RunFailure.class)
        .hasMessageContaining(message);
  }

  @Test
  void anAbsentFileIsNamed() {
    assertThatThrownBy(() -> SampleFile.read(file))
        .isInstanceOf(RunFailure.class)
        .hasMessage(file + " does not exist: give a file such as samples/01-iris.yaml");
  }

  @Test
  void aHugeFileIsNotRead() throws Exception {
    write(HEAD + "# " + "x".repeat(3 << 20));

    assertThatThrownBy(() -> SampleFile.read(file))
        .isInstanceOf(RunFailure.class)
        .hasMessage(file + " has more than 3 MiB: a local run reads smaller files only");
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text);
  }
}
