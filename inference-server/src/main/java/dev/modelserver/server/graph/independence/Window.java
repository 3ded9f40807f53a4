package dev.modelserver.server.graph.independence;

import dev.modelserver.server.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The window that a convolution or a pool moves over the axes after the channels, and how many
 * places it has there.
 */
record Window(
    List<Dim> kernel,
    List<Long> strides,
    List<Long> dilations,
    List<Long> pads,
    String autoPad,
    boolean ceil) {

  /** The attributes of a node whose input has this number of spatial axes. */
  static Window of(Node node, List<Dim> kernel) {
    int rank = kernel.size();
    return new Window(
        kernel,
        node.integers("strides").orElse(Collections.nCopies(rank, 1L)),
        node.integers("dilations").orElse(Collections.nCopies(rank, 1L)),
        node.integers("pads").orElse(Collections.nCopies(2 * rank, 0L)),
        node.text("auto_pad", "NOTSET"),
        node.integer("ceil_mode", 0) != 0);
  }

  private boolean complete() {
    int rank = kernel.size();
    return strides.size() == rank
        && dilations.size() == rank
        && pads.size() == 2 * rank
        && strides.stream().allMatch(stride -> stride > 0);
  }

  /** Places along the axes. */
  List<Dim> over(List<Dim> sizes, Symbols symbols) throws RowsMixException {
    requireFor(sizes);
    List<Dim> places = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      Dim size = sizes.get(i);
      Dim extent = kernel.get(i);
      places.add(
          size.isConstant() && extent.isConstant()
              ? Dim.of(places(i, size.factor(), extent.factor()))
              : symbols.computedSize("window " + settings(i), size, extent));
    }
    return places;
  }

  private long places(int i, long size, long extent) {
    long stride = strides.get(i);
    if (autoPad.startsWith("SAME")) {
      return Math.ceilDiv(size, stride);
    }
    boolean valid = autoPad.equals("VALID");
    long before = valid ? 0 : pads.get(i);
    long after = valid ? 0 : pads.get(i + kernel.size());
    long room = size + before + after - dilations.get(i) * (extent - 1) - 1;
    if (!ceil) {
      return Math.floorDiv(room, stride) + 1;
    }
    long places = Math.ceilDiv(room, stride) + 1;
    // the last one begins inside the image
    return (places - 1) * stride >= size + before ? places - 1 : places;
  }

  /** Sizes of which the window makes these places: of a transposed convolution. */
  List<Dim> back(List<Dim> sizes, Node node, Symbols symbols) throws RowsMixException {
    requireFor(sizes);
    List<Long> shape = node.integers("output_shape").orElse(List.of());
    List<Long> extra =
        node.integers("output_padding").orElse(Collections.nCopies(sizes.size(), 0L));
    List<Dim> back = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      Dim size = sizes.get(i);
      if (!shape.isEmpty()) {
        back.add(Dim.of(shape.get(shape.size() - sizes.size() + i)));
      } else if (!size.isConstant() || !kernel.get(i).isConstant() || extra.size() <= i) {
        back.add(symbols.computedSize("back " + settings(i) + extra, size, kernel.get(i)));
      } else if (autoPad.startsWith("SAME")) {
        back.add(Dim.of(size.factor() * strides.get(i)));
      } else {
        boolean valid = autoPad.equals("VALID");
        long cut = valid ? 0 : pads.get(i) + pads.get(i + sizes.size());
        back.add(
            Dim.of(
                strides.get(i) * (size.factor() - 1)
                    + extra.get(i)
                    + (kernel.get(i).factor() - 1) * dilations.get(i)
                    + 1
                    - cut));
      }
    }
    return back;
  }

  private void requireFor(List<Dim> sizes) throws RowsMixException {
    if (sizes.size() != kernel.size() || !complete()) {
      throw new RowsMixException("has a window of another rank than its input");
    }
  }

  private String settings(int i) {
    return strides.get(i)
        + " "
        + dilations.get(i)
        + " "
        + pads.get(i)
        + " "
        + pads.get(i + kernel.size())
        + autoPad
        + ceil;
  }
}
