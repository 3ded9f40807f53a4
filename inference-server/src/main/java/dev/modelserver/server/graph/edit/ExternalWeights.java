package dev.modelserver.server.graph.edit;

import com.google.protobuf.ByteString;
import dev.modelserver.server.graph.Place;
import dev.modelserver.server.graph.RawWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The large weights of a model as external data that lies in the model's own file: an edited model
 * in memory is then small, and ONNX Runtime maps the weights where they are.
 */
public final class ExternalWeights {

  /** Smaller ones may be sizes, which ONNX Runtime reads while it prepares the graph. */
  private static final int MIN_BYTES = 1 << 20;

  private static final int EXTERNAL_DATA = 13;
  private static final int DATA_LOCATION = 14;
  private static final int EXTERNAL = 1;

  private ExternalWeights() {}

  /** The edits of a model that is loaded with its own folder as that of its external data. */
  public static ModelEdits of(Path file) throws IOException {
    ModelEdits edits = new ModelEdits();
    String name = String.valueOf(file.getFileName());
    for (RawWeights weights : RawWeights.of(file)) {
      Place data = weights.data();
      long length = data.end() - data.content();
      if (length >= MIN_BYTES) {
        edits.replace(
            List.of(weights.graph(), weights.tensor()),
            data,
            entry("location", name)
                .concat(entry("offset", Long.toString(data.content())))
                .concat(entry("length", Long.toString(length)))
                .concat(Message.of(out -> out.writeInt32(DATA_LOCATION, EXTERNAL))));
      }
    }
    return edits;
  }

  private static ByteString entry(String key, String value) {
    return Message.field(
        EXTERNAL_DATA,
        Message.of(
            out -> {
              out.writeString(1, key);
              out.writeString(2, value);
            }));
  }
}
