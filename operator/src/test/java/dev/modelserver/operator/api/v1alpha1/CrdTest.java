package dev.modelserver.operator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The committed CRD is the one the API types generate; `make crds` writes it (-Dcrds.update=true).
 */
class CrdTest {
  private static final Path COMMITTED = Path.of("../crds/modelservers.modelserver.dev-v1.yml");
  private static final Path CHART = Path.of("../helm/files/modelservers.modelserver.dev-v1.yml");
  private static final int LARGEST_FOR_CLIENT_SIDE_APPLY = 256 * 1024;

  @Test
  void committedCopiesEqualTheGeneratedOne() throws IOException {
    String generated = GeneratedCrd.yaml();

    if (Boolean.getBoolean("crds.update")) {
      Files.createDirectories(CHART.getParent());
      Files.writeString(COMMITTED, generated);
      Files.writeString(CHART, generated);
    }

    assertThat(COMMITTED).hasContent(generated);
    assertThat(CHART).hasContent(generated);
  }

  @Test
  void everyFieldIsDescribed() throws IOException {
    List<String> silent = new ArrayList<>();
    JsonNode crd = new ObjectMapper(new YAMLFactory()).readTree(GeneratedCrd.yaml());

    collectUndescribed("", crd.at("/spec/versions/0/schema/openAPIV3Schema"), silent);

    assertThat(silent).isEmpty();
  }

  @Test
  void fitsAClientSideApply() throws IOException {
    assertThat(GeneratedCrd.yaml().getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(LARGEST_FOR_CLIENT_SIDE_APPLY);
  }

  private static void collectUndescribed(String path, JsonNode schema, List<String> silent) {
    for (var field : schema.path("properties").properties()) {
      String name = path + "." + field.getKey();
      if (!field.getValue().hasNonNull("description")) {
        silent.add(name);
      }
      collectUndescribed(name, field.getValue(), silent);
      collectUndescribed(name + "[]", field.getValue().path("items"), silent);
    }
  }
}
