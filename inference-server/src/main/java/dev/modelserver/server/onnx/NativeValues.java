package dev.modelserver.server.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
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
      case NumericTensor numbers ->
          OnnxTensor.createTensor(
              OnnxRuntime.environment(), direct(numbers.data()), shape, javaType(numbers.type()));
      case StringTensor strings ->
          OnnxTensor.createTensor(
              OnnxRuntime.environment(), strings.values().toArray(String[]::new), shape);
    };
  }

  /** A view of the data, or a copy: the runtime reads only memory outside the heap. */
  private static ByteBuffer direct(ByteBuffer data) {
    ByteBuffer view = data.duplicate().order(data.order());
    return view.isDirect()
        ? view
        : ByteBuffer.allocateDirect(view.limit()).order(data.order()).put(view).flip();
  }

  static Tensor fromNative(String name, OnnxTensor tensor) throws OrtException, ModelLoadException {
    Shape shape = Shape.of(tensor.getInfo().getShape());
    DataType type = DeclaredTypes.datatype("output", name, tensor.getInfo().onnxType);
    if (type == DataType.BYTES) {
      List<String> values = new ArrayList<>();
      flatten(tensor.getValue(), values);
      return new StringTensor(shape, values);
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
  static @Nullable Tensor fromMaps(List<Map<?, ?>> rows, MapLabels labels) {
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

  static List<Map<?, ?>> maps(OnnxSequence sequence) throws OrtException {
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

  private static void flatten(Object value, List<String> into) {
    switch (value) {
      case String text -> into.add(text);
      case Object[] array -> {
        for (Object element : array) {
          flatten(element, into);
        }
      }
      default -> throw new IllegalStateException("a tensor of strings held a " + value.getClass());
    }
  }

  /** Whether the runtime takes memory of this type as it is. */
  static boolean direct(DataType type) {
    return switch (type) {
      case BYTES, UINT16, UINT32, UINT64 -> false;
      case BOOL, UINT8, INT8, INT16, INT32, INT64, FP16, BF16, FP32, FP64 -> true;
    };
  }

  static OnnxJavaType javaType(DataType type) {
    return switch (type) {
      case BOOL -> OnnxJavaType.BOOL;
      case UINT8 -> OnnxJavaType.UINT8;
      case UINT16, UINT32, UINT64 ->
          throw new IllegalStateException("no input of type " + type + " was let in at load");
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
