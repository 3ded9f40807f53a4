package dev.modelserver.server.onnx;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import ai.onnxruntime.ValueInfo;
import dev.modelserver.server.model.TensorSpec;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.Shape;

/**
 * From the types a model declares to the types the server serves, or the sentence that says which
 * one it does not.
 */
final class DeclaredTypes {

  private DeclaredTypes() {}

  static TensorSpec input(NodeInfo node) throws ModelLoadException {
    if (node.getInfo() instanceof TensorInfo tensor) {
      TensorSpec spec = tensor("input", node.getName(), tensor);
      return switch (spec.datatype()) {
        // the runtime's Java interface does not take them
        case UINT16, UINT32, UINT64 ->
            throw unsupported("input", node.getName(), "tensor of " + spec.datatype());
        default -> spec;
      };
    }
    throw unsupported("input", node.getName(), kind(node.getInfo()));
  }

  static TensorSpec output(NodeInfo node, long mapLabels) throws ModelLoadException {
    ValueInfo info = node.getInfo();
    if (info instanceof TensorInfo tensor) {
      return tensor("output", node.getName(), tensor);
    }
    if (isZipMap(info)) {
      return new TensorSpec(node.getName(), DataType.FP32, Shape.of(Shape.ANY, mapLabels));
    }
    throw unsupported("output", node.getName(), kind(info));
  }

  static boolean isZipMap(ValueInfo info) {
    return info instanceof SequenceInfo sequence
        && sequence.isSequenceOfMaps()
        && sequence.mapInfo.valueType == OnnxJavaType.FLOAT
        && (sequence.mapInfo.keyType == OnnxJavaType.INT64
            || sequence.mapInfo.keyType == OnnxJavaType.STRING);
  }

  static DataType datatype(String role, String name, OnnxTensorType type)
      throws ModelLoadException {
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
      default ->
          throw unsupported(
              role, name, "tensor of " + type.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", ""));
    };
  }

  private static TensorSpec tensor(String role, String name, TensorInfo info)
      throws ModelLoadException {
    return new TensorSpec(name, datatype(role, name, info.onnxType), Shape.of(info.getShape()));
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

  private static ModelLoadException unsupported(String role, String name, String kind) {
    return new ModelLoadException(
        ModelLoadException.Kind.UNSUPPORTED_TYPE,
        "the "
            + role
            + " \""
            + name
            + "\" is a "
            + kind
            + "; the server serves tensors of floats, signed integers, bytes, booleans and strings, and ZipMap outputs: export the model with one of these");
  }
}
