package dev.modelserver.server.image;

import dev.modelserver.server.tensor.NumericTensor;

/** Puts resized rows where they belong in the tensor: turned upright, channel by channel. */
final class PixelTensor implements Picture.Rows {

  private final InputAxes axes;
  private final PixelValues values;
  private final Placement.Target target;
  private final int orientation;
  private final int bands;
  private final NumericTensor tensor;
  private int y;

  /**
   * Takes the rows of a resized picture.
   *
   * @param target the part of the input that they fill
   * @param orientation how it is to be turned, as EXIF numbers it
   * @param bands bytes of a pixel: 1 for gray, 3 for red, green and blue
   */
  PixelTensor(
      InputAxes axes, PixelValues values, Placement.Target target, int orientation, int bands) {
    this.axes = axes;
    this.values = values;
    this.target = target;
    this.orientation = orientation;
    this.bands = bands;
    this.tensor = NumericTensor.allocate(values.type(), axes.shape());
    if (target.width() < axes.width() || target.height() < axes.height()) {
      fill((byte) target.around());
    }
  }

  NumericTensor tensor() {
    return tensor;
  }

  @Override
  public void row(byte[] pixels) {
    int channels = axes.channelCount();
    for (int x = 0; x < pixels.length / bands; x++) {
      int pixel = place(x, y);
      for (int channel = 0; channel < channels; channel++) {
        put(pixel, channel, pixels[x * bands + band(channel)]);
      }
    }
    y++;
  }

  private void fill(byte value) {
    for (int pixel = 0; pixel < axes.height() * axes.width(); pixel++) {
      for (int channel = 0; channel < axes.channelCount(); channel++) {
        put(pixel, channel, value);
      }
    }
  }

  private void put(int pixel, int channel, byte value) {
    int index =
        axes.channelsFirst()
            ? channel * axes.height() * axes.width() + pixel
            : pixel * axes.channelCount() + channel;
    values.put(tensor, index, channel, value);
  }

  private int band(int channel) {
    if (bands == 1) {
      return 0;
    }
    return switch (axes.channels()) {
      case BGR -> 2 - channel;
      case RGB, GRAY -> channel;
    };
  }

  /** The index of the upright pixel that is stored at a column and row. */
  private int place(int column, int row) {
    int right = target.width() - 1;
    int bottom = target.height() - 1;
    return switch (orientation) {
      case 2 -> index(right - column, row);
      case 3 -> index(right - column, bottom - row);
      case 4 -> index(column, bottom - row);
      case 5 -> index(row, column);
      case 6 -> index(right - row, column);
      case 7 -> index(right - row, bottom - column);
      case 8 -> index(row, bottom - column);
      default -> index(column, row);
    };
  }

  private int index(int x, int y) {
    return (target.top() + y) * axes.width() + target.left() + x;
  }
}
