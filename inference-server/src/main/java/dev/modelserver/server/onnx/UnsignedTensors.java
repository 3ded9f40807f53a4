package dev.modelserver.server.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import dev.modelserver.server.tensor.DataType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Native tensors of 16, 32 and 64-bit unsigned numbers. The runtime's Java interface returns them
 * but has no way to create them, although the native function below it takes any element type: this
 * class calls that one. Where a release has changed it, {@link #available} says so before a model
 * is taken.
 */
final class UnsignedTensors {

  private static final @Nullable UnsignedTensors ACCESS = find();

  private final MethodHandle create;
  private final MethodHandle wrap;
  private final MethodHandle describe;

  private UnsignedTensors(MethodHandle create, MethodHandle wrap, MethodHandle describe) {
    this.create = create;
    this.wrap = wrap;
    this.describe = describe;
  }

  /** Whether this release of ONNX Runtime lets them be created. */
  static boolean available() {
    return ACCESS != null;
  }

  /**
   * A tensor that reads the memory of {@code data}; the caller closes it.
   *
   * @param data outside the heap, in the machine's byte order, from its position 0
   */
  static OnnxTensor create(DataType type, ByteBuffer data, long[] shape) throws OrtException {
    UnsignedTensors access = ACCESS;
    if (access == null) {
      throw new OrtException("this release of ONNX Runtime takes no unsigned numbers from Java");
    }
    OnnxTensorType element = element(type);
    try {
      TensorInfo info =
          (TensorInfo)
              access.describe.invokeExact(
                  shape, OnnxJavaType.mapFromOnnxTensorType(element), element);
      long handle =
          (long)
              access.create.invokeExact(
                  (Buffer) data, 0, (long) data.limit(), shape, element.value);
      return (OnnxTensor) access.wrap.invokeExact(handle, info, (Buffer) data, false);
    } catch (OrtException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("ONNX Runtime threw what it does not declare", e);
    }
  }

  private static OnnxTensorType element(DataType type) {
    return switch (type) {
      case UINT16 -> OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16;
      case UINT32 -> OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32;
      case UINT64 -> OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64;
      default -> throw new IllegalArgumentException(type + " has a way of its own");
    };
  }

  /** The methods, bound to the one API and the default allocator of the process. */
  private static @Nullable UnsignedTensors find() {
    try {
      OrtEnvironment environment = OnnxRuntime.environment();
      Lookup tensors = in(OnnxTensor.class);
      Class<?> runtime = tensors.findClass("ai.onnxruntime.OnnxRuntime");
      Class<?> allocator = tensors.findClass("ai.onnxruntime.OrtAllocator");
      Object api = in(runtime).findStaticGetter(runtime, "ortApiHandle", long.class).invoke();
      Object standard =
          in(OrtEnvironment.class)
              .findGetter(OrtEnvironment.class, "defaultAllocator", allocator)
              .invoke(environment);
      Object handle = in(allocator).findGetter(allocator, "handle", long.class).invoke(standard);
      MethodHandle create =
          tensors.findStatic(
              OnnxTensor.class,
              "createTensorFromBuffer",
              MethodType.methodType(
                  long.class,
                  long.class,
                  long.class,
                  Buffer.class,
                  int.class,
                  long.class,
                  long[].class,
                  int.class));
      MethodHandle wrap =
          tensors.findConstructor(
              OnnxTensor.class,
              MethodType.methodType(
                  void.class,
                  long.class,
                  long.class,
                  TensorInfo.class,
                  Buffer.class,
                  boolean.class));
      MethodHandle describe =
          in(TensorInfo.class)
              .findConstructor(
                  TensorInfo.class,
                  MethodType.methodType(
                      void.class, long[].class, OnnxJavaType.class, OnnxTensorType.class));
      return new UnsignedTensors(
          MethodHandles.insertArguments(create, 0, api, handle),
          MethodHandles.insertArguments(wrap, 1, handle),
          describe);
    } catch (Throwable e) {
      // whatever is different in this release, the answer is the same: not available
      return null;
    }
  }

  private static Lookup in(Class<?> type) throws IllegalAccessException {
    return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
  }
}
