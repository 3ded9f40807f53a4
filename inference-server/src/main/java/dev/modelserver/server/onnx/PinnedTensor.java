package dev.modelserver.server.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.modelserver.server.tensor.DataType;
import dev.modelserver.server.tensor.NumericTensor;
import dev.modelserver.server.tensor.Shape;
import dev.modelserver.server.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One input or output of a {@link PinnedBatch}: memory for a number of rows, and a tensor per
 * number.
 */
final class PinnedTensor {

  final String name;
  private final DataType type;
  private final List<Long> rowDims;
  private final int rowBytes;
  private final ByteBuffer memory;
  private final @Nullable OnnxTensor[] byRows;
  private final @Nullable Shape[] shapes;

  /**
   * Allocates the memory.
   *
   * @param shape of one row or of any number; its first size is not looked at
   */
  PinnedTensor(String name, DataType type, Shape shape, int maxRows) {
    this.name = name;
    this.type = type;
    this.rowDims = shape.dims().subList(1, shape.rank());
    this.rowBytes = Math.toIntExact(shape.elementsFrom(1) * type.size());
    this.memory =
        ByteBuffer.allocateDirect(Math.multiplyExact(rowBytes, maxRows))
            .order(ByteOrder.nativeOrder());
    this.byRows = new OnnxTensor[maxRows + 1];
    this.shapes = new Shape[maxRows + 1];
  }

  /** Copies all rows of a tensor to a row of the memory. */
  void put(int row, NumericTensor tensor) {
    memory.put(row * rowBytes, tensor.data(), 0, tensor.data().limit());
  }

  /** A copy of some rows. */
  NumericTensor take(int row, int rows) {
    NumericTensor copy = NumericTensor.allocate(type, shape(rows));
    copy.data().put(0, memory, row * rowBytes, rows * rowBytes);
    return copy;
  }

  /** Whether a tensor has the type and shape for this number of rows. */
  boolean fits(int rows, @Nullable Tensor tensor) {
    return tensor != null && tensor.type() == type && tensor.shape().equals(shape(rows));
  }

  /** Fills the first rows so that no byte is that of the tensor, if it fits. */
  void fillUnlike(int rows, @Nullable Tensor tensor) {
    if (fits(rows, tensor) && tensor instanceof NumericTensor numbers) {
      for (int i = 0; i < rows * rowBytes; i++) {
        memory.put(i, (byte) ~numbers.data().get(i));
      }
    }
  }

  /** The first rows of the memory as a tensor of the runtime. */
  OnnxTensor tensor(int rows) throws OrtException {
    OnnxTensor known = byRows[rows];
    if (known == null) {
      known =
          NativeValues.over(
              memory.slice(0, rows * rowBytes).order(ByteOrder.nativeOrder()),
              type,
              shape(rows).toArray());
      byRows[rows] = known;
    }
    return known;
  }

  void close() {
    for (OnnxTensor tensor : byRows) {
      if (tensor != null) {
        tensor.close();
      }
    }
  }

  private Shape shape(int rows) {
    Shape known = shapes[rows];
    if (known == null) {
      List<Long> dims = new ArrayList<>(rowDims.size() + 1);
      dims.add((long) rows);
      dims.addAll(rowDims);
      known = new Shape(dims);
      shapes[rows] = known;
    }
    return known;
  }
}
