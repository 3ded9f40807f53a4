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

  private static @Nullable ImageDescription image(String text) {
    return MetadataDescription.of(Map.of("image", text)).image();
  }
}
