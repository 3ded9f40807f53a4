package dev.modelserver.server.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a model file says about itself, read without ONNX Runtime: a hostile file names files of the
 * machine as its external data, and must be seen through before anything opens them. Reads
 * ModelProto field by field; https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the
 * numbers.
 *
 * @param externalLocations every location of external data, wherever it hides: graph, branch,
 *     function, sparse tensor, attribute
 * @param opset version of the default operator set; 0 when none is named
 * @param operators the kinds of node, by operator name
 */
public record OnnxFileScan(Set<String> externalLocations, long opset, Set<String> operators) {

  private static final int MAX_DEPTH = 100;
  private static final int MAX_LOCATIONS = 10_000;
  private static final int MAX_OPERATORS = 10_000;

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

  private enum Message {
    MODEL,
    OPSET,
    TRAINING,
    FUNCTION,
    GRAPH,
    NODE,
    ATTRIBUTE,
    TENSOR,
    SPARSE,
    ENTRY
  }

  /** The message inside each field that can lead to a tensor. */
  private static final Map<Message, Map<Integer, Message>> CHILDREN =
      Map.of(
          Message.MODEL,
              Map.of(
                  7, Message.GRAPH, 8, Message.OPSET, 20, Message.TRAINING, 25, Message.FUNCTION),
          Message.TRAINING, Map.of(1, Message.GRAPH, 2, Message.GRAPH),
          Message.FUNCTION, Map.of(7, Message.NODE, 11, Message.ATTRIBUTE),
          Message.GRAPH, Map.of(1, Message.NODE, 5, Message.TENSOR, 15, Message.SPARSE),
          Message.NODE, Map.of(5, Message.ATTRIBUTE),
          Message.ATTRIBUTE,
              Map.of(
                  5,
                  Message.TENSOR,
                  6,
                  Message.GRAPH,
                  10,
                  Message.TENSOR,
                  11,
                  Message.GRAPH,
                  22,
                  Message.SPARSE,
                  23,
                  Message.SPARSE),
          Message.TENSOR, Map.of(13, Message.ENTRY),
          Message.SPARSE, Map.of(1, Message.TENSOR, 2, Message.TENSOR),
          Message.OPSET, Map.of(),
          Message.ENTRY, Map.of());

  public OnnxFileScan {
    externalLocations = Collections.unmodifiableSet(new LinkedHashSet<>(externalLocations));
    operators = Set.copyOf(operators);
  }

  /**
   * Whether the size of the inputs alone bounds what a run does: no control flow, no sizes computed
   * from values.
   */
  public boolean boundedWork() {
    return Collections.disjoint(operators, UNBOUNDED);
  }

  /** Reads a file; what is no model is a {@link ModelLoadException}. */
  public static OnnxFileScan of(Path file) throws ModelLoadException, IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return of(in);
    }
  }

  static OnnxFileScan of(InputStream in) throws ModelLoadException, IOException {
    Walk walk = new Walk(new Wire(in));
    try {
      walk.message(Message.MODEL, 0);
    } catch (InvalidProtocolBufferException e) {
      throw new ModelLoadException(
          ModelLoadException.Kind.INVALID,
          "the file is not an ONNX model, or not all of it; export it again and compare its size");
    }
    if (!walk.graph) {
      throw new ModelLoadException(
          ModelLoadException.Kind.INVALID,
          "the file holds no ONNX graph; name the .onnx file itself, not an archive or a page about it");
    }
    return new OnnxFileScan(walk.locations, walk.opset, walk.operators);
  }

  private static final class Walk {
    private final Wire in;
    private final Set<String> locations = new LinkedHashSet<>();
    private final Set<String> operators = new HashSet<>();
    private long opset;
    private boolean graph;

    Walk(Wire in) {
      this.in = in;
    }

    void message(Message kind, int depth) throws IOException, ModelLoadException {
      if (depth > MAX_DEPTH) {
        throw new ModelLoadException(
            ModelLoadException.Kind.INVALID,
            "the model is nested deeper than " + MAX_DEPTH + " levels");
      }
      String domain = "";
      long version = 0;
      String key = "";
      String value = "";
      while (in.next()) {
        int field = in.field();
        Message child = in.delimited() ? CHILDREN.getOrDefault(kind, Map.of()).get(field) : null;
        if (child != null) {
          graph |= kind == Message.MODEL && child == Message.GRAPH;
          var _ = in.message(() -> message(child, depth + 1));
        } else if (kind == Message.OPSET && field == 1 && in.delimited()) {
          domain = in.text();
        } else if (kind == Message.OPSET && field == 2 && !in.delimited()) {
          version = in.number();
        } else if (kind == Message.NODE && field == 4 && in.delimited()) {
          operator(in.text());
        } else if (kind == Message.ENTRY && field == 1 && in.delimited()) {
          key = in.text();
        } else if (kind == Message.ENTRY && field == 2 && in.delimited()) {
          value = in.text();
        } else {
          in.skip();
        }
      }
      if (kind == Message.OPSET && (domain.isEmpty() || domain.equals("ai.onnx"))) {
        opset = Math.max(opset, version);
      }
      if (kind == Message.ENTRY
          && key.equals("location")
          && locations.add(value)
          && locations.size() > MAX_LOCATIONS) {
        throw new ModelLoadException(
            ModelLoadException.Kind.INVALID,
            "the model names more than " + MAX_LOCATIONS + " files of external data");
      }
    }

    private void operator(String name) throws ModelLoadException {
      if (operators.add(name) && operators.size() > MAX_OPERATORS) {
        throw new ModelLoadException(
            ModelLoadException.Kind.INVALID,
            "the model has more than " + MAX_OPERATORS + " kinds of operator");
      }
    }
  }
}
