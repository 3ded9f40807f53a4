package dev.modelserver.server.graph;

import dev.modelserver.server.model.ModelLoadException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the file keeps the bytes of a weight of the main graph.
 *
 * @param graph the main graph
 * @param tensor the weight
 * @param data its bytes, little-endian
 */
public record RawWeights(Place graph, Place tensor, Place data) {

  private record Raw(Place tensor, Place data) {}

  /** All that are kept as bytes; none for a file that cannot be read. */
  public static List<RawWeights> of(Path file) throws IOException {
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      ProtobufFields in = new ProtobufFields(stream);
      List<Raw> found = new ArrayList<>();
      Place graph = null;
      while (in.next()) {
        if (in.field() == 7 && in.delimited()) {
          graph = in.message(() -> graph(in, found));
        } else {
          in.skip();
        }
      }
      List<RawWeights> weights = new ArrayList<>();
      if (graph != null) {
        for (Raw raw : found) {
          weights.add(new RawWeights(graph, raw.tensor, raw.data));
        }
      }
      return weights;
    } catch (ModelLoadException e) {
      return List.of();
    }
  }

  private static void graph(ProtobufFields in, List<Raw> into)
      throws IOException, ModelLoadException {
    while (in.next()) {
      if (in.field() == 5 && in.delimited()) {
        List<Place> data = new ArrayList<>();
        Place tensor =
            in.message(
                () -> {
                  while (in.next()) {
                    if (in.field() == 9 && in.delimited()) {
                      data.add(in.skipped());
                    } else {
                      in.skip();
                    }
                  }
                });
        if (data.size() == 1) {
          into.add(new Raw(tensor, data.getFirst()));
        }
      } else {
        in.skip();
      }
    }
  }
}
