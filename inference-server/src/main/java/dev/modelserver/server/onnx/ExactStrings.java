package dev.modelserver.server.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Strings of native tensors as the bytes they are, by the runtime's C interface: a table of
 * functions whose order never changes (onnxruntime_c_api.cc says so, and holds itself to it). The
 * numbers below are places in that table.
 */
@SuppressWarnings("restricted") // the runtime's own Java interface needs native access as well
final class ExactStrings {

  private static final int ERROR_MESSAGE = 2;
  private static final int DATA_LENGTH = 53;
  private static final int CONTENT = 54;
  private static final int RELEASE_STATUS = 93;
  private static final int RESIZED_BUFFER = 252;
  private static final long WORD = ValueLayout.JAVA_LONG.byteSize();

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfLong HANDLE = ValueLayout.JAVA_LONG;
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  private static final ExactStrings API = find();

  private final MethodHandle tensorHandle;
  private final MethodHandle errorMessage;
  private final MethodHandle releaseStatus;
  private final MethodHandle dataLength;
  private final MethodHandle content;
  private final MethodHandle resizedBuffer;

  private ExactStrings(MethodHandle tensorHandle, MemorySegment table) {
    this.tensorHandle = tensorHandle;
    this.errorMessage =
        function(table, ERROR_MESSAGE, FunctionDescriptor.of(ValueLayout.ADDRESS, HANDLE));
    this.releaseStatus = function(table, RELEASE_STATUS, FunctionDescriptor.ofVoid(HANDLE));
    this.dataLength = function(table, DATA_LENGTH, FunctionDescriptor.of(HANDLE, HANDLE, POINTER));
    this.content =
        function(
            table, CONTENT, FunctionDescriptor.of(HANDLE, HANDLE, POINTER, LONG, POINTER, LONG));
    this.resizedBuffer =
        function(table, RESIZED_BUFFER, FunctionDescriptor.of(HANDLE, HANDLE, LONG, LONG, POINTER));
  }

  /** Replaces the strings of a tensor, which has as many. */
  static void write(OnnxTensor tensor, List<String> values) throws OrtException {
    API.writeAll(tensor, values);
  }

  /** The strings of a tensor, row-major. */
  static List<String> read(OnnxTensor tensor) throws OrtException {
    return API.readAll(tensor);
  }

  private void writeAll(OnnxTensor tensor, List<String> values) throws OrtException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(ValueLayout.ADDRESS);
      long handle = (long) tensorHandle.invoke(tensor);
      for (int i = 0; i < values.size(); i++) {
        byte[] bytes = values.get(i).getBytes(StandardCharsets.UTF_8);
        check((long) resizedBuffer.invoke(handle, (long) i, (long) bytes.length, buffer));
        MemorySegment text = buffer.get(ValueLayout.ADDRESS, 0).reinterpret(bytes.length);
        MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
      }
    } catch (OrtException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw undeclared(e);
    }
  }

  private List<String> readAll(OnnxTensor tensor) throws OrtException {
    int count = Math.toIntExact(tensor.getInfo().getNumElements());
    List<String> values = new ArrayList<>(count);
    if (count == 0) {
      return values;
    }
    try (Arena arena = Arena.ofConfined()) {
      long handle = (long) tensorHandle.invoke(tensor);
      MemorySegment length = arena.allocate(LONG);
      check((long) dataLength.invoke(handle, length));
      long bytes = length.get(LONG, 0);
      MemorySegment text = arena.allocate(Math.max(1, bytes));
      MemorySegment offsets = arena.allocate(LONG, count);
      check((long) content.invoke(handle, text, bytes, offsets, (long) count));
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

  /** A status other than 0 is a failure, in the runtime's words. */
  private void check(long status) throws Throwable {
    if (status != 0) {
      MemorySegment words = (MemorySegment) errorMessage.invoke(status);
      String message = words.reinterpret(Integer.MAX_VALUE).getString(0);
      releaseStatus.invoke(status);
      throw new OrtException(message);
    }
  }

  private static MethodHandle function(
      MemorySegment table, int place, FunctionDescriptor signature) {
    return Linker.nativeLinker()
        .downcallHandle(table.getAtIndex(ValueLayout.ADDRESS, place), signature);
  }

  private static ExactStrings find() {
    try {
      OnnxRuntime.environment();
      Lookup here = MethodHandles.lookup();
      Lookup tensors = MethodHandles.privateLookupIn(OnnxTensor.class, here);
      Class<?> runtime = tensors.findClass("ai.onnxruntime.OnnxRuntime");
      Class<?> tensor = tensors.findClass("ai.onnxruntime.OnnxTensorLike");
      long table =
          (long)
              MethodHandles.privateLookupIn(runtime, here)
                  .findStaticGetter(runtime, "ortApiHandle", long.class)
                  .invoke();
      MethodHandle handle =
          MethodHandles.privateLookupIn(tensor, here)
              .findGetter(tensor, "nativeHandle", long.class);
      return new ExactStrings(
          handle, MemorySegment.ofAddress(table).reinterpret((RESIZED_BUFFER + 1) * WORD));
    } catch (Throwable e) {
      throw new IllegalStateException(
          "this release of ONNX Runtime keeps its tensors elsewhere; it takes no strings with characters beyond U+FFFF",
          e);
    }
  }

  private static IllegalStateException undeclared(Throwable e) {
    return new IllegalStateException("ONNX Runtime threw what it does not declare", e);
  }
}
