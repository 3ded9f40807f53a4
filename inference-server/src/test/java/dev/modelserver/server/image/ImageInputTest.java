package dev.modelserver.server.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the model is given, on an image whose every pixel is red 201, green 102, blue 53. */
class ImageInputTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // by shape alone
        "FP32|-1,3,4,6|{'scale':1}|201,102,53|true",
        "FP32|1,4,6,3|{'scale':1}|201,102,53|false",
        "FP32|3,4,6|{'scale':1}|201,102,53|true",
        "FP32|4,6,3|{'scale':1}|201,102,53|false",
        "FP32|1,1,4,6|{'scale':1}|126|true",
        // by description
        "FP32|-1,-1,-1,-1|{'layout':'NHWC','width':6,'height':4}|201,102,53|false",
        "FP32|-1,-1,-1,-1|{'layout':'NCHW','width':6,'height':4,'channels':'GRAY'}|126|true",
        "FP32|1,3,4,6|{'channels':'BGR'}|53,102,201|true",
        // the numbers of each channel are in the order of channels
        "FP32|1,3,4,6|{'channels':'BGR','mean':[3,2,1],'std':[8,4,2]}|6.25,25,100|true",
        "FP32|1,3,4,6|{'mean':127,'std':[128]}|0.578125,-0.1953125,-0.578125|true",
        "FP32|1,3,4,6|{'scale':0.00392156862745098,'mean':[0.485,0.456,0.406],'std':[0.229,0.224,0.225]}|1.3241718,-0.25,-0.88069|true",
        "FP64|1,3,4,6|{'mean':127,'std':128}|0.578125,-0.1953125,-0.578125|true",
        "FP16|1,3,4,6|{'mean':127,'std':128}|0.578125,-0.1953125,-0.578125|true",
        "BF16|1,3,4,6|{'mean':127,'std':128}|0.578125,-0.1953125,-0.578125|true",
        "UINT8|1,3,4,6|{'fit':'crop'}|201,102,53|true",
        "INT8|1,3,4,6|{'mean':128}|73,-26,-75|true",
        "INT32|1,3,4,6|{'scale':0.01}|2,1,1|true",
        // what does not fit a whole type ends at its bounds
        "UINT8|1,3,4,6|{'mean':100,'std':0.1}|255,20,0|true",
      })
  void fillsTheInput(
      DataType type, String shape, String description, String values, boolean channelsFirst)
      throws IOException, RequestException {
    NumericTensor tensor =
        input(type, shape, description).open(TestImages.open("solid.png")).read();

    double[] expected = Arrays.stream(values.split(",")).mapToDouble(Double::parseDouble).toArray();
    assertThat(tensor.type()).isEqualTo(type);
    assertThat(tensor.shape().rank()).isEqualTo(shape.split(",").length);
    assertThat(tensor.shape().elements()).isEqualTo(4L * 6 * expected.length);
    for (int i = 0; i < tensor.shape().elements(); i++) {
      int channel = channelsFirst ? i / (4 * 6) : i % expected.length;
      assertThat(tensor.doubleAt(i)).isCloseTo(expected[channel], within(1e-5));
    }
  }

  /**
   * The image is twice as wide as high: in 4 by 6, three rows of it between bars of one and two.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FP32|1,3,6,6|{'fit':'letterbox','scale':0.1,'mean':1,'std':[1,2,4]}|10.4,5.2,2.6|19.1,4.6,1.075",
        "UINT8|6,6,3|{'fit':'letterbox'}|114,114,114|201,102,53",
        "UINT8|6,6,3|{'fit':'letterbox','channels':'BGR','padValue':0}|0,0,0|53,102,201",
        "UINT8|1,6,6|{'fit':'letterbox','padValue':255}|255|126",
      })
  void putsBarsRoundAnImage(
      DataType type, String shape, String description, String bar, String image)
      throws IOException, RequestException {
    NumericTensor tensor =
        input(type, shape, description).open(TestImages.open("solid.png")).read();

    double[] bars = Arrays.stream(bar.split(",")).mapToDouble(Double::parseDouble).toArray();
    double[] pixels = Arrays.stream(image.split(",")).mapToDouble(Double::parseDouble).toArray();
    boolean channelsFirst = !shape.endsWith("6,3");
    for (int i = 0; i < tensor.shape().elements(); i++) {
      int channel = channelsFirst ? i / (6 * 6) : i % bars.length;
      int row = (channelsFirst ? i % (6 * 6) : i / bars.length) / 6;
      double expected = row >= 1 && row < 4 ? pixels[channel] : bars[channel];
      assertThat(tensor.doubleAt(i)).describedAs("row %d", row).isCloseTo(expected, within(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FP32|-1,4|{'scale':1}|the input image FP32[?,4] has 2 axes, an image has 3 or 4",
        "FP32|8,3,4,6|{'scale':1}|takes exactly so many images at once",
        "FP32|1,4,6,4|{'scale':1}|does not tell where its channels are; say layout",
        "FP32|1,4,6,4|{'layout':'NHWC'}|has 4 channels, an image has 1 or 3",
        "FP32|1,3,4,6|{'channels':'GRAY'}|channels is GRAY, but the input image FP32[1,3,4,6] has"
            + " 3",
        "FP32|1,1,4,6|{'channels':'RGB'}|channels is RGB, but the input image FP32[1,1,4,6] has 1",
        "FP32|1,3,-1,6|{'scale':1}|has no fixed height; say height",
        "FP32|1,3,-1,-1|{'scale':1}|has no fixed height and width; say height and width;",
        "FP32|1,3,-1,-1|{'scale':1}|for example {\"width\":224,\"height\":224,\"channels\":\"RGB\"",
        "FP32|1,3,-1,-1|{'height':8}|has no fixed width; say width;",
        "FP32|1,3,4,6|{'width':7}|width is 7, but the input image FP32[1,3,4,6] has 6",
        "FP32|1,3,4,5000|{'scale':1}|has the width 5000, at most 4096",
        "FP32|1,1,4,6|{'mean':[1,2,3]}|mean has 3 numbers, but the input has 1 channel",
        "BOOL|1,3,4,6|{'scale':1}|the input's type is BOOL",
      })
  void saysWhyAModelTakesNoImages(DataType type, String shape, String description, String sentence)
      throws IOException {
    ImageInput input = input(type, shape, description);

    assertThat(input.taken()).isFalse();
    assertThatThrownBy(() -> input.open(TestImages.open("solid.png")))
        .isInstanceOf(RequestException.class)
        .hasMessageStartingWith("this model does not accept images: ")
        .hasMessageContaining(sentence)
        .hasMessageContaining("spec.model.description.image")
        .hasMessageEndingWith("}; or send tensors over the Open Inference Protocol (/v2)");
  }

  @Test
  void aModelOfSeveralInputsTakesNone() throws JsonProcessingException {
    TensorSpec spec = new TensorSpec("image", DataType.FP32, Shape.of(1, 3, 4, 6));
    Signature signature = new Signature(Collections.nCopies(2, spec), List.of(), List.of());

    assertThat(ImageInput.of(signature, described("{'scale':1}")).obstacle())
        .startsWith("it has 2 inputs");
    assertThat(ImageInput.of(signature, null).obstacle())
        .startsWith("it has no description of an image input");
  }

  @Test
  void countsItsTensor() throws IOException, RequestException {
    ImageInput input = input(DataType.FP32, "1,3,4,6", "{'scale':1}");

    assertThat(input.open(TestImages.open("solid.png")).bytes()).isEqualTo(4 * 3 * 4 * 6);
    assertThat(input.open(TestImages.open("rgb-8-interlaced.png")).bytes())
        .isEqualTo(4 * 3 * 4 * 6 + 3 * 11 * 9);
  }

  @Test
  void readsTheImageOfTheServer() throws JsonProcessingException {
    input(DataType.FP32, "1,3,4,6", "{'scale':1}").warmUp();
  }

  private static ImageInput input(DataType type, String shape, String description)
      throws JsonProcessingException {
    long[] dims = Arrays.stream(shape.split(",")).mapToLong(Long::parseLong).toArray();
    Signature signature =
        new Signature(List.of(new TensorSpec("image", type, Shape.of(dims))), List.of(), List.of());
    return ImageInput.of(signature, described(description));
  }

  private static ImageDescription described(String description) throws JsonProcessingException {
    return ImageDescription.of(new ObjectMapper().readTree(description.replace('\'', '"')));
  }
}
