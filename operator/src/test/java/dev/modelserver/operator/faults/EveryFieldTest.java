package dev.modelserver.operator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The specs that TypoIT makes wrong leave no field of the schema out. */
class EveryFieldTest {
  private static final Path CRD = Path.of("../crds/modelservers.modelserver.dev-v1.yml");

  @Test
  void eachFieldOfTheSchemaIsInASpec() throws IOException {
    JsonNode schema =
        new ObjectMapper(new YAMLFactory())
            .readTree(CRD.toFile())
            .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");

    List<String> known = EveryField.fields();
    assertThat(fields("spec", schema).filter(field -> !known.contains(field)))
        .as("fields that src/test/resources/schemas/every-field.yaml lacks")
        .isEmpty();
  }

  private static Stream<String> fields(String path, JsonNode schema) {
    Stream<String> properties =
        schema.path("properties").properties().stream()
            .flatMap(
                field -> {
                  String name = path + "." + field.getKey();
                  return Stream.concat(Stream.of(name), fields(name, field.getValue()));
                });
    JsonNode items = schema.path("items");
    return items.isObject() ? Stream.concat(properties, fields(path + "[]", items)) : properties;
  }
}
