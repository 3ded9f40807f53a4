package dev.modelserver.operator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The committed reference page is the one the CRD gives; -Dcrds.update=true writes it, as it writes
 * the CRD.
 */
class ReferenceTest {
  private static final Path COMMITTED = Path.of("../docs/reference/modelserver.md");

  @Test
  void committedPageEqualsTheGeneratedOne() throws IOException {
    String generated = ReferencePage.of(crd());

    if (Boolean.getBoolean("crds.update")) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, generated);
    }

    assertThat(COMMITTED).hasContent(generated);
  }

  @Test
  void aRowTellsTypeDefaultConstraintsAndDescription() throws IOException {
    assertThat(ReferencePage.of(crd()).lines())
        .anySatisfy(
            row ->
                assertThat(row)
                    .isEqualTo(
                        "| `spec.rollout.minReadySeconds` | integer | 0 | 0 to 3600 | Seconds a new pod must stay ready before it counts as available. Absent: 0. |"))
        .anySatisfy(
            row ->
                assertThat(row).startsWith("| `spec.model.configMap.key` | string | | required; "))
        .anySatisfy(row -> assertThat(row).startsWith("| `spec.server.env[].name` | string |"))
        .anySatisfy(row -> assertThat(row).startsWith("| `spec.pod.labels` | map of string |"));
  }

  private static JsonNode crd() throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(GeneratedCrd.yaml());
  }
}
