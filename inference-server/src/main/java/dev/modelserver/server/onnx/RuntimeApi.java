package dev.modelserver.server.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;

/**
 * ONNX Runtime's C interface, for what its Java interface lacks: a table of functions whose order
 * never changes (onnxruntime_c_api.cc says so, and holds itself to it).
 */
@SuppressWarnings("restricted") // the runtime's own Java interface needs native access as well
final class RuntimeApi {

  /** A pointer to an object of the runtime. */
  static final ValueLayout.OfLong HANDLE = ValueLayout.JAVA_LONG;

  /** The places in the table that are called, in its order. */
  enum Function {
    GET_ERROR_MESSAGE(2),
    GET_STRING_TENSOR_DATA_LENGTH(53),
    GET_STRING_TENSOR_CONTENT(54),
    CREATE_CPU_MEMORY_INFO(69),
    RELEASE_STATUS(93),
    RELEASE_MEMORY_INFO(94),
    CREATE_AND_REGISTER_ALLOCATOR(144),
    CREATE_ARENA_CFG(156),
    RELEASE_ARENA_CFG(157),
    GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER(252);

    private final int place;

    Function(int place) {
      this.place = place;
    }
  }

  private static final MemorySegment TABLE = table();
  private static final MethodHandle ERROR_MESSAGE =
      function(Function.GET_ERROR_MESSAGE, FunctionDescriptor.of(ValueLayout.ADDRESS, HANDLE));
  private static final MethodHandle RELEASE_STATUS =
      function(Function.RELEASE_STATUS, FunctionDescriptor.ofVoid(HANDLE));

  private RuntimeApi() {}

  /** One of the functions, to be called with {@link MethodHandle#invoke}. */
  static MethodHandle function(Function function, FunctionDescriptor signature) {
    return Linker.nativeLinker()
        .downcallHandle(TABLE.getAtIndex(ValueLayout.ADDRESS, function.place), signature);
  }

  /**
   * Reads the handle of an object of the Java interface.
   *
   * @param type by its full name
   */
  static MethodHandle handleOf(String type) {
    try {
      Lookup here = MethodHandles.lookup();
      Class<?> owner = MethodHandles.privateLookupIn(OnnxTensor.class, here).findClass(type);
      return MethodHandles.privateLookupIn(owner, here)
          .findGetter(owner, "nativeHandle", long.class);
    } catch (ReflectiveOperationException e) {
      throw changed(e);
    }
  }

  /** A status other than 0 is a failure, in the runtime's words. */
  static void check(long status) throws Throwable {
    if (status != 0) {
      MemorySegment words = (MemorySegment) ERROR_MESSAGE.invoke(status);
      String message = words.reinterpret(Integer.MAX_VALUE).getString(0);
      RELEASE_STATUS.invoke(status);
      throw new OrtException(message);
    }
  }

  private static MemorySegment table() {
    try {
      Lookup here = MethodHandles.lookup();
      Class<?> runtime =
          MethodHandles.privateLookupIn(OnnxTensor.class, here)
              .findClass("ai.onnxruntime.OnnxRuntime");
      long table =
          (long)
              MethodHandles.privateLookupIn(runtime, here)
                  .findStaticGetter(runtime, "ortApiHandle", long.class)
                  .invoke();
      int last = Function.values()[Function.values().length - 1].place;
      return MemorySegment.ofAddress(table)
          .reinterpret((last + 1) * ValueLayout.ADDRESS.byteSize());
    } catch (Throwable e) {
      throw changed(e);
    }
  }

  private static IllegalStateException changed(Throwable e) {
    return new IllegalStateException(
        "this release of ONNX Runtime keeps its handles elsewhere than the one that the server was made for",
        e);
  }
}
