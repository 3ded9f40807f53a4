package dev.modelserver.server.image;

import dev.modelserver.server.model.ImageDescription;
import dev.modelserver.server.model.ImageDescription.Channels;
import dev.modelserver.server.model.ImageDescription.Layout;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What the axes of an input mean for an image, told by its shape and the description.
 *
 * @param height pixels
 * @param width pixels
 * @param channels their order
 * @param channelsFirst whether the axis of the channels comes before height and width
 * @param shape of a tensor with one image
 */
record InputAxes(int height, int width, Channels channels, boolean channelsFirst, Shape shape) {

  /** 1 for gray, else 3. */
  int channelCount() {
    return channels == Channels.GRAY ? 1 : 3;
  }

  /** Tells the axes; the message of the exception says why they cannot be told. */
  static InputAxes of(TensorSpec input, ImageDescription description) throws Unsuitable {
    int rank = input.shape().rank();
    if (rank != 3 && rank != 4) {
      throw new Unsuitable("the input " + input + " has " + rank + " axes, an image has 3 or 4");
    }
    if (rank == 4 && input.shape().dim(0) >= 0 && input.shape().dim(0) != 1) {
      throw new Unsuitable("the input " + input + " takes exactly so many images at once");
    }
    int first = rank - 3;
    boolean channelsFirst = channelsFirst(input, first, description.layout());
    int channelAxis = channelsFirst ? first : first + 2;
    int heightAxis = channelsFirst ? first + 1 : first;
    Channels channels = channels(input, channelAxis, description.channels());
    if (free(input, heightAxis, description.height())
        && free(input, heightAxis + 1, description.width())) {
      throw new Unsuitable(
          "the input " + input + " has no fixed height and width; say height and width");
    }
    int height = size(input, heightAxis, "height", description.height());
    int width = size(input, heightAxis + 1, "width", description.width());
    int count = channels == Channels.GRAY ? 1 : 3;
    long[] dims =
        channelsFirst ? new long[] {count, height, width} : new long[] {height, width, count};
    Shape shape = rank == 3 ? Shape.of(dims) : Shape.of(1, dims[0], dims[1], dims[2]);
    return new InputAxes(height, width, channels, channelsFirst, shape);
  }

  private static boolean channelsFirst(TensorSpec input, int first, @Nullable Layout layout)
      throws Unsuitable {
    if (layout != null) {
      return layout == Layout.NCHW;
    }
    if (isChannels(input.shape().dim(first))) {
      return true;
    }
    if (isChannels(input.shape().dim(first + 2))) {
      return false;
    }
    throw new Unsuitable(
        "the input " + input + " does not tell where its channels are; say layout");
  }

  private static boolean isChannels(long dim) {
    return dim == 1 || dim == 3;
  }

  private static Channels channels(TensorSpec input, int axis, @Nullable Channels described)
      throws Unsuitable {
    long dim = input.shape().dim(axis);
    if (dim >= 0 && !isChannels(dim)) {
      throw new Unsuitable("the input " + input + " has " + dim + " channels, an image has 1 or 3");
    }
    Channels channels = described != null ? described : dim == 1 ? Channels.GRAY : Channels.RGB;
    if (dim >= 0 && (dim == 1) != (channels == Channels.GRAY)) {
      throw new Unsuitable("channels is " + channels + ", but the input " + input + " has " + dim);
    }
    return channels;
  }

  private static boolean free(TensorSpec input, int axis, @Nullable Integer described) {
    return described == null && input.shape().dim(axis) < 0;
  }

  private static int size(TensorSpec input, int axis, String name, @Nullable Integer described)
      throws Unsuitable {
    long dim = input.shape().dim(axis);
    if (free(input, axis, described)) {
      throw new Unsuitable("the input " + input + " has no fixed " + name + "; say " + name);
    }
    if (described != null && dim >= 0 && dim != described) {
      throw new Unsuitable(name + " is " + described + ", but the input " + input + " has " + dim);
    }
    long size = described == null ? dim : described;
    if (size < 1 || size > ImageDescription.MAX_SIZE) {
      throw new Unsuitable(
          "the input "
              + input
              + " has the "
              + name
              + " "
              + size
              + ", at most "
              + ImageDescription.MAX_SIZE
              + " are filled with an image");
    }
    return (int) size;
  }

  /** Why an input takes no image. */
  static final class Unsuitable extends Exception {
    Unsuitable(String message) {
      super(message, null, false, false);
    }
  }
}
