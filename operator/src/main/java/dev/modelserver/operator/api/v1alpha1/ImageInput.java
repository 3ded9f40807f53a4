package dev.modelserver.operator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a photograph becomes the model's input; each field overrides the same one of the object
 * {@code image} in the ONNX metadata.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageInput(
    @JsonPropertyDescription(
            "Width in pixels that images are resized to. Absent: the width of the model's input.")
        @Min(1)
        @Max(4096)
        @Nullable Integer width,
    @JsonPropertyDescription(
            "Height in pixels that images are resized to. Absent: the height of the model's "
                + "input.")
        @Min(1)
        @Max(4096)
        @Nullable Integer height,
    @JsonPropertyDescription(
            "Order of the colour channels. Absent: GRAY for an input of one channel, RGB for "
                + "others.")
        @Nullable Channels channels,
    @JsonPropertyDescription(
            "Order of the input's axes: NCHW has the channels before height and width, NHWC "
                + "after them. Absent: by the axis that has 1 or 3 entries.")
        @Nullable Layout layout,
    @JsonPropertyDescription(
            "How pixels are interpolated; both average over all pixels when an image is made "
                + "smaller, as Pillow does. Absent: bicubic.")
        @Nullable Resize resize,
    @JsonPropertyDescription(
            "How an image of another aspect ratio is fitted: stretch distorts it, crop keeps its "
                + "centre, letterbox keeps all of it, centred between two bars, as YOLO models "
                + "expect. Absent: stretch.")
        @Nullable Fit fit,
    @JsonPropertyDescription(
            "With fit crop, the share of the largest centred cut that is kept, for example 0.875 "
                + "for torchvision's Resize(256), CenterCrop(224). Absent: 1.")
        @Min(0.01)
        @Max(1)
        @Nullable Double cropFraction,
    @JsonPropertyDescription(
            "With fit letterbox, the pixel value of the bars in all channels, before scale, mean "
                + "and std. Absent: 114, the grey of YOLO models.")
        @Min(0)
        @Max(255)
        @Nullable Integer padValue,
    @JsonPropertyDescription(
            "What each pixel value of 0 to 255 is multiplied by first, for example "
                + "0.00392156862745098 for 1/255. Absent: 1.")
        @Min(0)
        @Max(1_000_000)
        @Nullable Double scale,
    @JsonPropertyDescription(
            "What is subtracted next, one number for all channels or one for each in the order of "
                + "channels. Absent: 0.")
        @Size(min = 1, max = 3)
        @Nullable List<@Min(-1_000_000) @Max(1_000_000) Double> mean,
    @JsonPropertyDescription(
            "What the result is divided by, one number for all channels or one for each in the "
                + "order of channels. Absent: 1.")
        @Size(min = 1, max = 3)
        @Nullable List<@Min(0) @Max(1_000_000) Double> std) {

  /** Order of the colour channels. */
  public enum Channels {
    RGB,
    BGR,
    GRAY
  }

  /** Order of the axes: batch, channels, height, width. */
  public enum Layout {
    NCHW,
    NHWC
  }

  /** Interpolation. */
  public enum Resize {
    @JsonProperty("bicubic")
    BICUBIC,
    @JsonProperty("bilinear")
    BILINEAR
  }

  /** What happens to another aspect ratio. */
  public enum Fit {
    @JsonProperty("stretch")
    STRETCH,
    @JsonProperty("crop")
    CROP,
    @JsonProperty("letterbox")
    LETTERBOX
  }
}
