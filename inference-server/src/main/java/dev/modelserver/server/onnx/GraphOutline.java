package dev.modelserver.server.onnx;

import dev.modelserver.server.onnx.Wire.Place;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the file says of a model's outputs and ONNX Runtime's Java interface does not: the labels of
 * a ZipMap in the order of its numbers, the element type of a sequence, and where both stand.
 *
 * @param graph the place of the main graph; null when it lies in several pieces
 * @param plainOperators whether the model imports the operators of the default domain
 * @param outputs of the main graph
 * @param zipMaps of the main graph
 * @param defaults inputs of the main graph that have a default and may be sent all the same, in its
 *     order
 * @param hints places of types written down for values inside the graph, by name
 */
record GraphOutline(
    @Nullable Place graph,
    boolean plainOperators,
    Map<String, Output> outputs,
    List<ZipMap> zipMaps,
    List<Default> defaults,
    Map<String, Place> hints) {

  /**
   * An output as the file declares it.
   *
   * @param sequenceOf number of the element type when it is a sequence of tensors, else 0
   * @param dims of the tensors of that sequence; null when it does not tell them, -1 for one that
   *     varies
   */
  record Output(Place place, int sequenceOf, @Nullable List<Long> dims) {}

  /**
   * An input that is a tensor and has a default.
   *
   * @param type number of the element type
   * @param dims null when it does not tell them, -1 for one that varies
   */
  record Default(String name, int type, @Nullable List<Long> dims) {}

  /** A node that makes a map of each row: the numbers come as {@code input}, named by position. */
  record ZipMap(Place place, String input, String output, MapLabels labels) {}

  /** Of a model whose file cannot be read this way. */
  static final GraphOutline UNKNOWN =
      new GraphOutline(null, false, Map.of(), List.of(), List.of(), Map.of());

  /** Reads a file; what cannot be read is {@link #UNKNOWN}: ONNX Runtime has the better words. */
  static GraphOutline of(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return new OutlineReader(new Wire(in)).model();
    } catch (IOException | ModelLoadException e) {
      return UNKNOWN;
    }
  }

  /** The labels of an output that a ZipMap gives. */
  Optional<MapLabels> labels(String output) {
    return zipMaps.stream()
        .filter(zipMap -> zipMap.output().equals(output))
        .map(ZipMap::labels)
        .findFirst();
  }
}
