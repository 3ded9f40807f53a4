package dev.modelserver.server.graph;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.modelserver.server.model.ModelLoadException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a model file says about itself, read without ONNX Runtime: a hostile file names files of the
 * machine as its external data, or holds a graph that takes the runtime hours or all memory, and
 * must be seen through before anything opens it. {@link ModelLimits} has the limits.
 *
 * @param externalLocations every location of external data, wherever it hides: graph, branch,
 *     function, sparse tensor, attribute
 * @param opset version of the default operator set; 0 when none is named
 * @param operators the kinds of node, by operator name
 * @param extensions whether nodes are of a domain of ONNX Runtime Extensions
 */
public record OnnxFileScan(
    Set<String> externalLocations, long opset, Set<String> operators, boolean extensions) {

  /** Operators that go on, or allocate, by the values they are given. */
  private static final Set<String> UNBOUNDED =
      Set.of(
          "Loop",
          "Scan",
          "If",
          "SequenceMap",
          "Range",
          "ConstantOfShape",
          "Expand",
          "Tile",
          "Pad",
          "Resize",
          "Upsample",
          "OneHot",
          "DFT",
          "STFT",
          "NonMaxSuppression",
          "RandomNormal",
          "RandomUniform",
          "BlackmanWindow",
          "HammingWindow",
          "HannWindow",
          "MelWeightMatrix");

  public OnnxFileScan {
    externalLocations = Collections.unmodifiableSet(new LinkedHashSet<>(externalLocations));
    operators = Set.copyOf(operators);
  }

  /**
   * Whether the size of the inputs alone bounds what a run does: no control flow, no sizes computed
   * from values. Operators of ONNX Runtime Extensions decode images, and split texts by expressions
   * that the model brings.
   */
  public boolean boundedWork() {
    return !extensions && Collections.disjoint(operators, UNBOUNDED);
  }

  /** Reads a file; what is no model is a {@link ModelLoadException}. */
  public static OnnxFileScan of(Path file) throws ModelLoadException, IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return of(in);
    }
  }

  static OnnxFileScan of(InputStream in) throws ModelLoadException, IOException {
    ModelFileScanner walk = new ModelFileScanner(new ProtobufFields(in));
    try {
      walk.model();
    } catch (InvalidProtocolBufferException e) {
      throw new ModelLoadException(
          ModelLoadException.Kind.INVALID,
          "the file is not an ONNX model, or not all of it; export it again and compare its size");
    }
    return new OnnxFileScan(
        walk.locations(), walk.opset(), walk.size().operators(), walk.size().extensions());
  }
}
