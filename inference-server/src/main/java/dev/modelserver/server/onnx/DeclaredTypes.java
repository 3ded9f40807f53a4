package dev.modelserver.server.onnx;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import ai.onnxruntime.ValueInfo;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.RowWidth;
import dev.modelserver.server.graph.ValueType;
import dev.modelserver.server.model.Labels;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From the types a model declares to the types the server serves, or the sentence that says which
 * one it does not.
 */
final class DeclaredTypes {

  private static final String SERVED =
      "the server takes tensors of numbers, booleans and strings, and gives these, sequences of them and ZipMap outputs: export the model with one of these";

  private DeclaredTypes() {}

  static TensorSpec input(NodeInfo node) throws ModelLoadException {
    if (!(node.getInfo() instanceof TensorInfo tensor)) {
      throw unsupported("input", node.getName(), kind(node.getInfo()));
    }
    TensorSpec spec = tensor("input", node.getName(), tensor);
    return switch (spec.datatype()) {
      case UINT16, UINT32, UINT64 -> {
        if (!UnsignedTensors.available()) {
          throw unsupported("input", node.getName(), "tensor of " + spec.datatype());
        }
        yield spec;
      }
      default -> spec;
    };
  }

  /**
   * The input with what the runtime does not tell of it: whether it has a shape at all, and the
   * width of its last axis, where the file leaves it open and the constants in the graph tell it.
   *
   * @param graph null when the file could not be read
   */
  static TensorSpec withWidth(TensorSpec declared, @Nullable ModelGraph graph) {
    TensorSpec input = withoutShape(declared, graph);
    int rank = input.shape().rank();
    boolean open = rank > 0 ? input.shape().dim(rank - 1) == Shape.ANY : input.anyShape();
    if (!open || graph == null) {
      return input;
    }
    return RowWidth.of(graph, input.name(), rank)
        .map(
            width ->
                width.exact() && rank > 0
                    ? input.withWidth(width.entries())
                    : input.withLeastWidth(width.entries()))
        .orElse(input);
  }

  /** The runtime tells a single value and a tensor of any shape alike. */
  private static TensorSpec withoutShape(TensorSpec spec, @Nullable ModelGraph graph) {
    return spec.shape().rank() == 0 && graph != null && graph.hasNoShape(spec.name())
        ? TensorSpec.ofAnyShape(spec.name(), spec.datatype())
        : spec;
  }

  /**
   * What the server gives for an output.
   *
   * @param graph null when the file could not be read
   */
  static ModelOutput output(NodeInfo node, DeclaredValues declared, @Nullable ModelGraph graph)
      throws ModelLoadException {
    String name = node.getName();
    Labels labels = declared.labels().get(name);
    ValueInfo info = node.getInfo();
    if (info instanceof TensorInfo tensor) {
      return labels == null
          ? new ModelOutput.Plain(withoutShape(tensor("output", name, tensor), graph), true)
          : new ModelOutput.Columns(name, labels);
    }
    if (info instanceof SequenceInfo sequence) {
      if (!sequence.isSequenceOfMaps()) {
        return new ModelOutput.Stack(sequence(name, sequence, declared.sequences().get(name)));
      }
      if (isZipMap(sequence.mapInfo)) {
        return new ModelOutput.Maps(name, labels);
      }
    }
    throw unsupported("output", name, kind(info));
  }

  /** Inputs with a default, of types that the server serves: others keep their default. */
  static List<TensorSpec> optional(DeclaredValues declared) {
    List<TensorSpec> specs = new ArrayList<>();
    declared
        .defaults()
        .forEach(
            (name, tensor) -> {
              DataType type = element(tensor.element());
              if (type != null) {
                List<Long> dims = tensor.dims();
                specs.add(
                    dims == null
                        ? TensorSpec.ofAnyShape(name, type)
                        : new TensorSpec(name, type, new Shape(dims)));
              }
            });
    return specs;
  }

  /** The type under its name in the protocols; null when the server does not serve it. */
  static @Nullable DataType datatype(OnnxTensorType type) {
    // by the ONNX type: the Java type would read unsigned numbers as signed ones
    return switch (type) {
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> DataType.FP32;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> DataType.FP64;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> DataType.FP16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> DataType.BF16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> DataType.INT8;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> DataType.INT16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> DataType.INT32;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> DataType.INT64;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> DataType.UINT8;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> DataType.UINT16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> DataType.UINT32;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> DataType.UINT64;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> DataType.BOOL;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> DataType.BYTES;
      default -> null;
    };
  }

  private static TensorSpec tensor(String role, String name, TensorInfo info)
      throws ModelLoadException {
    DataType type = datatype(info.onnxType);
    if (type == null) {
      String element = info.onnxType.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "");
      throw unsupported(role, name, "tensor of " + element);
    }
    return new TensorSpec(name, type, Shape.of(info.getShape()));
  }

  /**
   * The tensor that a sequence of tensors is stacked to. Its shape is left open where the file does
   * not tell that of its elements.
   *
   * @param declared what the file says; it knows unsigned numbers from signed ones
   */
  private static TensorSpec sequence(
      String name, SequenceInfo info, ValueType.@Nullable Tensor declared)
      throws ModelLoadException {
    DataType type =
        declared == null || declared.element() == 0
            ? datatype(OnnxTensorType.mapFromJavaType(info.sequenceType))
            : element(declared.element());
    if (type == null) {
      throw unsupported("output", name, "sequence of " + info.sequenceType);
    }
    List<Long> element = declared == null ? null : declared.dims();
    if (element == null) {
      return TensorSpec.ofAnyShape(name, type);
    }
    List<Long> dims = new ArrayList<>(List.of(Shape.ANY));
    dims.addAll(element);
    return new TensorSpec(name, type, new Shape(dims));
  }

  /** By the numbers of TensorProto.DataType, which are not those of the runtime. */
  private static @Nullable DataType element(int number) {
    return switch (number) {
      case 1 -> DataType.FP32;
      case 2 -> DataType.UINT8;
      case 3 -> DataType.INT8;
      case 4 -> DataType.UINT16;
      case 5 -> DataType.INT16;
      case 6 -> DataType.INT32;
      case 7 -> DataType.INT64;
      case 8 -> DataType.BYTES;
      case 9 -> DataType.BOOL;
      case 10 -> DataType.FP16;
      case 11 -> DataType.FP64;
      case 12 -> DataType.UINT32;
      case 13 -> DataType.UINT64;
      case 16 -> DataType.BF16;
      default -> null;
    };
  }

  private static boolean isZipMap(MapInfo map) {
    return map.valueType == OnnxJavaType.FLOAT
        && (map.keyType == OnnxJavaType.INT64 || map.keyType == OnnxJavaType.STRING);
  }

  private static String kind(ValueInfo info) {
    return switch (info) {
      case SequenceInfo sequence when sequence.isSequenceOfMaps() ->
          "sequence of maps from " + sequence.mapInfo.keyType + " to " + sequence.mapInfo.valueType;
      case SequenceInfo sequence -> "sequence of " + sequence.sequenceType;
      case MapInfo map -> "map from " + map.keyType + " to " + map.valueType;
      default -> info.getClass().getSimpleName();
    };
  }

  /** Of a model whose types the runtime's Java interface cannot name. */
  static ModelLoadException unknown() {
    return new ModelLoadException(
        ModelLoadException.Kind.UNSUPPORTED_TYPE,
        "an input or output is optional, sparse or opaque; " + SERVED);
  }

  private static ModelLoadException unsupported(String role, String name, String kind) {
    return new ModelLoadException(
        ModelLoadException.Kind.UNSUPPORTED_TYPE,
        "the " + role + " \"" + name + "\" is a " + kind + "; " + SERVED);
  }
}
