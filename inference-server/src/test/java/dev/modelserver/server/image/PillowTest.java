package dev.modelserver.server.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.TestImages;
import dev.modelserver.server.failure.RequestException;
import dev.modelserver.server.model.ImageDescription;
import dev.modelserver.server.model.Signature;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pixels are Pillow's; make_images.py beside the images wrote them down. */
class PillowTest {

  /**
   * What Pillow makes of a file.
   *
   * @param tolerance largest difference of a pixel value: JPEG decoders round in their own ways
   */
  record Case(String file, JsonNode image, int tolerance, List<Integer> pixels) {
    @Override
    public String toString() {
      return file + " " + image;
    }
  }

  static Stream<Case> cases() throws IOException {
    JsonNode cases = new ObjectMapper().readTree(TestImages.file("expected.json").toFile());
    return StreamSupport.stream(cases.spliterator(), false)
        .map(
            node -> {
              List<Integer> pixels = new ArrayList<>();
              node.get("pixels").forEach(pixel -> pixels.add(pixel.intValue()));
              return new Case(
                  node.get("file").textValue(),
                  node.get("image"),
                  node.get("tolerance").intValue(),
                  pixels);
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesThePixelsOfPillow(Case given) throws IOException, RequestException {
    NumericTensor tensor = read(given);

    assertThat(tensor.shape().elements()).isEqualTo(given.pixels().size());
    int largest = 0;
    for (int i = 0; i < given.pixels().size(); i++) {
      largest = Math.max(largest, Math.abs((int) tensor.longAt(i) - given.pixels().get(i)));
    }
    assertThat(largest).isLessThanOrEqualTo(given.tolerance());
  }

  private static NumericTensor read(Case given) throws IOException, RequestException {
    ImageDescription description = ImageDescription.of(given.image());
    int channels = description.channels() == ImageDescription.Channels.GRAY ? 1 : 3;
    Signature signature =
        new Signature(
            List.of(
                new TensorSpec(
                    "image", DataType.UINT8, Shape.of(Shape.ANY, Shape.ANY, Shape.ANY, channels))),
            List.of(),
            List.of());
    return ImageInput.of(signature, description).open(TestImages.open(given.file())).read();
  }
}
