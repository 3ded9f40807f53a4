package dev.modelserver.server.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import dev.modelserver.server.model.Labels;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.StringTensor;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies tensors into native memory and results out of it. */
final class NativeValues {

  private NativeValues() {}

  /** The caller closes the native tensor; it may read the memory of {@code tensor} until then. */
  static OnnxTensor toNative(Tensor tensor) throws OrtException {
    long[] shape = tensor.shape().toArray();
    return switch (tensor) {
      case NumericTensor numbers -> over(direct(numbers.data()), numbers.type(), shape);
      case StringTensor strings -> StringTensors.create(strings.values(), shape);
    };
  }

  /**
   * A native tensor that uses memory outside the heap in place, until it is closed.
   *
   * @param memory in the machine's byte order
   */
  static OnnxTensor over(ByteBuffer memory, DataType type, long[] shape) throws OrtException {
    return switch (type) {
      case UINT16, UINT32, UINT64 -> UnsignedTensors.create(type, memory, shape);
      default -> OnnxTensor.createTensor(OnnxRuntime.environment(), memory, shape, javaType(type));
    };
  }

  /**
   * A view of the data, or a copy: the runtime reads only memory outside the heap, and numbers only
   * where their size divides the address.
   */
  private static ByteBuffer direct(ByteBuffer data) {
    ByteBuffer view = data.duplicate().order(data.order());
    return view.isDirect() && view.alignmentOffset(0, Long.BYTES) == 0
        ? view
        : ByteBuffer.allocateDirect(view.limit()).order(data.order()).put(view).flip();
  }

  /** The tensor, which is of a type that was let in at load, as the server's own. */
  static Tensor fromNative(OnnxTensor tensor) throws OrtException {
    Shape shape = Shape.of(tensor.getInfo().getShape());
    DataType type = DeclaredTypes.datatype(tensor.getInfo().onnxType);
    if (type == null) {
      throw new IllegalStateException("no output of " + tensor.getInfo().onnxType + " was let in");
    }
    if (type == DataType.BYTES) {
      return new StringTensor(shape, StringTensors.read(tensor));
    }
    ByteBuffer bytes = tensor.getByteBuffer();
    NumericTensor copy = NumericTensor.allocate(type, shape);
    copy.data().put(bytes.limit(copy.data().limit())).rewind();
    return copy;
  }

  /**
   * The numbers of a ZipMap output, a row per map, in the order of the labels; null when a map has
   * other keys.
   */
  static @Nullable Tensor fromMaps(List<Map<?, ?>> rows, Labels labels) {
    List<Object> keys = labels.keys();
    NumericTensor tensor =
        NumericTensor.allocate(DataType.FP32, Shape.of(rows.size(), keys.size()));
    for (Map<?, ?> row : rows) {
      if (row.size() != keys.size()) {
        return null;
      }
      for (Object key : keys) {
        if (!(row.get(key) instanceof Float value)) {
          return null;
        }
        tensor.data().putFloat(value);
      }
    }
    tensor.data().rewind();
    return tensor;
  }

  /** The maps of a sequence, in its order. */
  static List<Map<?, ?>> maps(OnnxSequence sequence) throws OrtException {
    if (sequence.getInfo().length == 0) {
      return List.of();
    }
    List<Map<?, ?>> rows = new ArrayList<>();
    List<? extends OnnxValue> values = sequence.getValue();
    try {
      for (OnnxValue value : values) {
        rows.add(((OnnxMap) value).getValue());
      }
    } finally {
      values.forEach(OnnxValue::close);
    }
    return rows;
  }

  /** The tensors of a sequence, in its order. */
  static List<Tensor> tensors(OnnxSequence sequence) throws OrtException {
    if (sequence.getInfo().length == 0) {
      // an empty one does not know its type
      return List.of();
    }
    List<Tensor> tensors = new ArrayList<>();
    List<? extends OnnxValue> values = sequence.getValue();
    try {
      for (OnnxValue value : values) {
        tensors.add(fromNative((OnnxTensor) value));
      }
    } finally {
      values.forEach(OnnxValue::close);
    }
    return tensors;
  }

  private static OnnxJavaType javaType(DataType type) {
    return switch (type) {
      case BOOL -> OnnxJavaType.BOOL;
      case UINT8 -> OnnxJavaType.UINT8;
      case UINT16, UINT32, UINT64 ->
          throw new IllegalStateException(type + " has a way of its own");
      case INT8 -> OnnxJavaType.INT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case FP16 -> OnnxJavaType.FLOAT16;
      case BF16 -> OnnxJavaType.BFLOAT16;
      case FP32 -> OnnxJavaType.FLOAT;
      case FP64 -> OnnxJavaType.DOUBLE;
      case BYTES -> OnnxJavaType.STRING;
    };
  }
}
