package dev.modelserver.server.onnx;

import static dev.modelserver.server.onnx.RuntimeApi.HANDLE;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Strings of native tensors as the bytes they are, by the runtime's C interface. */
@SuppressWarnings("restricted") // the runtime's own Java interface needs native access as well
final class ExactStrings {

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  private static final MethodHandle TENSOR_HANDLE =
      RuntimeApi.handleOf("ai.onnxruntime.OnnxTensorLike");
  private static final MethodHandle DATA_LENGTH =
      RuntimeApi.function(
          RuntimeApi.Function.GET_STRING_TENSOR_DATA_LENGTH,
          FunctionDescriptor.of(HANDLE, HANDLE, POINTER));
  private static final MethodHandle CONTENT =
      RuntimeApi.function(
          RuntimeApi.Function.GET_STRING_TENSOR_CONTENT,
          FunctionDescriptor.of(HANDLE, HANDLE, POINTER, LONG, POINTER, LONG));
  private static final MethodHandle RESIZED_BUFFER =
      RuntimeApi.function(
          RuntimeApi.Function.GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER,
          FunctionDescriptor.of(HANDLE, HANDLE, LONG, LONG, POINTER));

  private ExactStrings() {}

  /** Replaces the strings of a tensor, which has as many. */
  static void write(OnnxTensor tensor, List<String> values) throws OrtException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(ValueLayout.ADDRESS);
      long handle = (long) TENSOR_HANDLE.invoke(tensor);
      for (int i = 0; i < values.size(); i++) {
        byte[] bytes = values.get(i).getBytes(StandardCharsets.UTF_8);
        RuntimeApi.check(
            (long) RESIZED_BUFFER.invoke(handle, (long) i, (long) bytes.length, buffer));
        MemorySegment text = buffer.get(ValueLayout.ADDRESS, 0).reinterpret(bytes.length);
        MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
      }
    } catch (OrtException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw undeclared(e);
    }
  }

  /** The strings of a tensor, row-major. */
  static List<String> read(OnnxTensor tensor) throws OrtException {
    int count = Math.toIntExact(tensor.getInfo().getNumElements());
    List<String> values = new ArrayList<>(count);
    if (count == 0) {
      return values;
    }
    try (Arena arena = Arena.ofConfined()) {
      long handle = (long) TENSOR_HANDLE.invoke(tensor);
      MemorySegment length = arena.allocate(LONG);
      RuntimeApi.check((long) DATA_LENGTH.invoke(handle, length));
      long bytes = length.get(LONG, 0);
      MemorySegment text = arena.allocate(Math.max(1, bytes));
      MemorySegment offsets = arena.allocate(LONG, count);
      RuntimeApi.check((long) CONTENT.invoke(handle, text, bytes, offsets, (long) count));
      for (int i = 0; i < count; i++) {
        long from = offsets.getAtIndex(LONG, i);
        long to = i + 1 < count ? offsets.getAtIndex(LONG, i + 1) : bytes;
        byte[] value = text.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
        values.add(new String(value, StandardCharsets.UTF_8));
      }
      return values;
    } catch (OrtException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw undeclared(e);
    }
  }

  private static IllegalStateException undeclared(Throwable e) {
    return new IllegalStateException("ONNX Runtime threw what it does not declare", e);
  }
}
