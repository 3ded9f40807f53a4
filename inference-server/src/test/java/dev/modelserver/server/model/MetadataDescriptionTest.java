package dev.modelserver.server.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.model.ImageDescription.Channels;
import dev.modelserver.server.model.ImageDescription.Resize;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataDescriptionTest {

  @Test
  void readsTheImage() {
    assertThat(image("{\"channels\":\"RGB\",\"resize\":\"bilinear\",\"mean\":127}"))
        .isEqualTo(
            new ImageDescription(
                null,
                null,
                Channels.RGB,
                null,
                Resize.BILINEAR,
                null,
                null,
                null,
                null,
                List.of(127.0),
                List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "null", "{\"width\":", "{\"width\":0}", "224x224"})
  void leavesOutAnImageThatItCannotRead(String text) {
    assertThat(image(text)).isNull();
  }

  @Test
  void theConfigurationWinsFieldByField() {
    ModelDescription file = MetadataDescription.of(Map.of("image", "{\"width\":8,\"mean\":127}"));
    ModelDescription given = MetadataDescription.of(Map.of("image", "{\"width\":16}"));

    assertThat(given.orElse(file).image()).isEqualTo(image("{\"width\":16,\"mean\":127}"));
    assertThat(ModelDescription.EMPTY.orElse(file).image()).isEqualTo(file.image());
    assertThat(given.orElse(ModelDescription.EMPTY).image()).isEqualTo(given.image());
  }

  @Test
  void tellsWhatItLeavesOut() {
    ModelDescription read =
        MetadataDescription.of(
            Map.of(
                "accuracy", "97 %",
                "classes", "{'cat', 'dog'}",
                "features", "[\"a\"",
                "image", "{\"width\":0}"));

    assertThat(read.classes()).isEmpty();
    assertThat(read.ignored())
        .containsExactly(
            "accuracy is \"97 %\"; write a number from 0 to 1",
            "classes is a set, which has no order; write a JSON list of strings, by index",
            "features cannot be read from character 5 on; write a JSON list of strings, by index",
            "image.width is 0; it takes an integer from 1 to 4096");
    assertThat(MetadataDescription.of(Map.of("accuracy", "0.97", "classes", "a,b")).ignored())
        .isEmpty();
  }

  @Test
  void readsTheNamesOfAnUltralyticsExport() {
    String names = "{0: 'person', 1: \"driver's cab\", 2: 'car'}";

    assertThat(MetadataDescription.of(Map.of("names", names)).classes())
        .containsExactly("person", "driver's cab", "car");
    assertThat(MetadataDescription.of(Map.of("names", names, "classes", "a,b")).classes())
        .containsExactly("a", "b");
    for (String other : List.of("a,b", "['a','b']", "{'x': 'y'}", "", "{0: 'a'")) {
      ModelDescription read = MetadataDescription.of(Map.of("names", other));
      assertThat(read.classes()).isEmpty();
      assertThat(read.ignored()).isEmpty();
    }
  }

  private static @Nullable ImageDescription image(String text) {
    return MetadataDescription.of(Map.of("image", text)).image();
  }
}
