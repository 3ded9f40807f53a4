package dev.modelserver.server.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How an image becomes the model's input: decoded, fitted and resized to {@code width} by {@code
 * height}, then {@code (pixel · scale − mean) / std} for each channel, where pixels go from 0 to
 * 255. What is null or empty is not said.
 *
 * @param width pixels, 1 to 4096
 * @param height pixels, 1 to 4096
 * @param cropFraction with {@link Fit#CROP}, the share of the largest centred cut that is kept,
 *     0.01 to 1
 * @param padValue with {@link Fit#LETTERBOX}, the pixel value of the bars, 0 to 255
 * @param scale above 0
 * @param mean none, 1 or 3 numbers, the latter in the order of {@code channels}
 * @param std none, 1 or 3 numbers above 0
 */
public record ImageDescription(
    @Nullable Integer width,
    @Nullable Integer height,
    @Nullable Channels channels,
    @Nullable Layout layout,
    @Nullable Resize resize,
    @Nullable Fit fit,
    @Nullable Double cropFraction,
    @Nullable Integer padValue,
    @Nullable Double scale,
    List<Double> mean,
    List<Double> std) {

  /** The largest width and height of a model's input. */
  public static final int MAX_SIZE = 4096;

  private static final int MAX_PIXEL = 255;

  /** A description that says nothing. */
  public static final ImageDescription EMPTY =
      new ImageDescription(
          null, null, null, null, null, null, null, null, null, List.of(), List.of());

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

  /** How pixels are interpolated. */
  public enum Resize {
    BICUBIC,
    BILINEAR
  }

  /** What happens to an image of another aspect ratio. */
  public enum Fit {
    /** It is distorted. */
    STRETCH,
    /** Its centre is kept. */
    CROP,
    /** The whole of it is kept, centred between two bars. */
    LETTERBOX
  }

  public ImageDescription {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /**
   * Reads the JSON object; unknown fields are ignored.
   *
   * @throws IllegalArgumentException with field, value and what the field takes
   */
  public static ImageDescription of(JsonNode node) {
    Reader reader = new Reader(node);
    return new ImageDescription(
        reader.integer("width", 1, MAX_SIZE),
        reader.integer("height", 1, MAX_SIZE),
        reader.word("channels", Channels.class),
        reader.word("layout", Layout.class),
        reader.word("resize", Resize.class),
        reader.word("fit", Fit.class),
        reader.number("cropFraction", 0.01, 1, "a number from 0.01 to 1"),
        reader.integer("padValue", 0, MAX_PIXEL),
        reader.number("scale", Double.MIN_VALUE, Double.MAX_VALUE, "a number above 0"),
        reader.numbers("mean", -Double.MAX_VALUE, "1 number or 3"),
        reader.numbers("std", Double.MIN_VALUE, "1 number or 3, above 0"));
  }

  /** This description, and where it says nothing the other's. */
  public ImageDescription orElse(ImageDescription other) {
    return new ImageDescription(
        width != null ? width : other.width,
        height != null ? height : other.height,
        channels != null ? channels : other.channels,
        layout != null ? layout : other.layout,
        resize != null ? resize : other.resize,
        fit != null ? fit : other.fit,
        cropFraction != null ? cropFraction : other.cropFraction,
        padValue != null ? padValue : other.padValue,
        scale != null ? scale : other.scale,
        mean.isEmpty() ? other.mean : mean,
        std.isEmpty() ? other.std : std);
  }

  private record Reader(JsonNode object) {

    @Nullable Integer integer(String field, int min, int max) {
      JsonNode value = object.path(field);
      if (absent(value)) {
        return null;
      }
      if (!value.isIntegralNumber()
          || !value.canConvertToInt()
          || value.intValue() < min
          || value.intValue() > max) {
        throw wrong(field, value, "an integer from %d to %d".formatted(min, max));
      }
      return value.intValue();
    }

    <E extends Enum<E>> @Nullable E word(String field, Class<E> words) {
      JsonNode value = object.path(field);
      if (absent(value)) {
        return null;
      }
      for (E word : words.getEnumConstants()) {
        if (value.isTextual() && word.name().equalsIgnoreCase(value.textValue())) {
          return word;
        }
      }
      throw wrong(
          field,
          value,
          Arrays.stream(words.getEnumConstants())
              .map(word -> word.name().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(" or ")));
    }

    @Nullable Double number(String field, double min, double max, String takes) {
      JsonNode value = object.path(field);
      if (absent(value)) {
        return null;
      }
      if (!value.isNumber() || value.doubleValue() < min || value.doubleValue() > max) {
        throw wrong(field, value, takes);
      }
      return value.doubleValue();
    }

    List<Double> numbers(String field, double min, String takes) {
      JsonNode value = object.path(field);
      List<Double> numbers = new ArrayList<>();
      if (absent(value)) {
        return numbers;
      }
      for (JsonNode each : value.isArray() ? value : List.of(value)) {
        if (!each.isNumber() || each.doubleValue() < min || Double.isInfinite(each.doubleValue())) {
          throw wrong(field, value, takes);
        }
        numbers.add(each.doubleValue());
      }
      if (numbers.size() != 1 && numbers.size() != 3) {
        throw wrong(field, value, takes);
      }
      return numbers;
    }

    private static boolean absent(JsonNode value) {
      return value.isMissingNode() || value.isNull();
    }

    private static IllegalArgumentException wrong(String field, JsonNode value, String takes) {
      String shown = value.toString();
      return new IllegalArgumentException(
          field
              + " is "
              + (shown.length() > 60 ? shown.substring(0, 60) + "…" : shown)
              + "; it takes "
              + takes);
    }
  }
}
