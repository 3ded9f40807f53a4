package dev.modelserver.server.onnx;

import dev.modelserver.server.onnx.GraphOutline.ZipMap;
import dev.modelserver.server.onnx.Wire.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a NodeProto, as far as it may be a ZipMap. */
final class NodeReader {

  private static final String ZIP_MAP = "ZipMap";
  private static final String ML = "ai.onnx.ml";

  private final Wire in;
  private final List<String> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();
  private final List<Object> labels = new ArrayList<>();
  private String operator = "";
  private String domain = "";

  NodeReader(Wire in) {
    this.in = in;
  }

  /** Reads all of it. */
  void read() throws IOException, ModelLoadException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> inputs.add(in.text());
        case 2 -> outputs.add(in.text());
        case 4 -> operator = in.text();
        case 7 -> domain = in.text();
        // every exporter writes the operator first; attributes of others can be large
        case 5 -> {
          if (operator.equals(ZIP_MAP)) {
            var _ = in.message(this::labels);
          } else {
            in.skip();
          }
        }
        default -> in.skip();
      }
    }
  }

  /** The node that was read; empty when it is another, or has no labels. */
  Optional<ZipMap> zipMap(Place place) {
    return operator.equals(ZIP_MAP)
            && domain.equals(ML)
            && inputs.size() == 1
            && outputs.size() == 1
            && !labels.isEmpty()
        ? Optional.of(
            new ZipMap(place, inputs.getFirst(), outputs.getFirst(), new MapLabels(labels)))
        : Optional.empty();
  }

  private void labels() throws IOException, ModelLoadException {
    while (in.next()) {
      switch (in.field()) {
        case 8 -> in.numbers(labels::add);
        case 9 -> labels.add(in.text());
        default -> in.skip();
      }
    }
  }
}
