package dev.modelserver.server.image;

import dev.modelserver.server.model.ImageDescription;

/**
 * Which part of a picture fills which part of the input, by the description's {@code fit}.
 *
 * @param source the part of the picture, as stored
 * @param target the part of the input, upright
 */
record Placement(Source source, Target target) {

  /** The grey that YOLO models are trained with. */
  private static final int GREY = 114;

  /** A part of the stored picture, in pixels and fractions of them. */
  record Source(float left, float top, float right, float bottom) {}

  /** A part of the input, in pixels; the rest of the input has the pixel value {@code around}. */
  record Target(int left, int top, int width, int height, int around) {}

  /** Decides for a picture, whose sides may be swapped when it is turned upright. */
  static Placement of(ImageDescription description, InputAxes axes, Picture picture) {
    ImageDescription.Fit fit = description.fit();
    return switch (fit == null ? ImageDescription.Fit.STRETCH : fit) {
      case STRETCH -> new Placement(whole(picture), whole(axes));
      case CROP -> new Placement(centre(description, axes, picture), whole(axes));
      case LETTERBOX -> new Placement(whole(picture), between(description, axes, picture));
    };
  }

  private static Source whole(Picture picture) {
    return new Source(0, 0, picture.width(), picture.height());
  }

  private static Target whole(InputAxes axes) {
    return new Target(0, 0, axes.width(), axes.height(), 0);
  }

  /** The largest centred part with the input's aspect ratio, or a fraction of it. */
  private static Source centre(ImageDescription description, InputAxes axes, Picture picture) {
    boolean swaps = Orientation.swapsSides(picture.orientation());
    int width = swaps ? axes.height() : axes.width();
    int height = swaps ? axes.width() : axes.height();
    double fraction = description.cropFraction() == null ? 1 : description.cropFraction();
    double step =
        fraction * Math.min((double) picture.width() / width, (double) picture.height() / height);
    double left = (picture.width() - width * step) / 2;
    double top = (picture.height() - height * step) / 2;
    return new Source(
        (float) left,
        (float) top,
        (float) (picture.width() - left),
        (float) (picture.height() - top));
  }

  /**
   * The largest centred part of the input with the picture's aspect ratio, in whole pixels. Sides
   * are rounded to the nearest, halves to even; of an odd rest the right or lower bar is the wider
   * one, as in the preprocessing that YOLO models are exported with.
   */
  private static Target between(ImageDescription description, InputAxes axes, Picture picture) {
    boolean swaps = Orientation.swapsSides(picture.orientation());
    int width = swaps ? picture.height() : picture.width();
    int height = swaps ? picture.width() : picture.height();
    double ratio = Math.min((double) axes.height() / height, (double) axes.width() / width);
    int targetWidth = Math.max(1, (int) Math.rint(width * ratio));
    int targetHeight = Math.max(1, (int) Math.rint(height * ratio));
    return new Target(
        (axes.width() - targetWidth) / 2,
        (axes.height() - targetHeight) / 2,
        targetWidth,
        targetHeight,
        description.padValue() == null ? GREY : description.padValue());
  }
}
