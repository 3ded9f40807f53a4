package dev.modelserver.server.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.RunOptions;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run that is sent inputs for which the model has a default. The runtime's Java interface counts
 * them among the inputs that do not exist, although the native function below it takes them: this
 * class calls that one. Where a release has changed it, {@link #available} says so, and no such
 * input is offered.
 */
final class OverridingRun {

  private static final @Nullable OverridingRun ACCESS = find();

  private final MethodHandle run;
  private final MethodHandle sessionHandle;
  private final MethodHandle tensorHandle;
  private final MethodHandle optionsHandle;
  private final MethodHandle result;

  private OverridingRun(
      MethodHandle run,
      MethodHandle sessionHandle,
      MethodHandle tensorHandle,
      MethodHandle optionsHandle,
      MethodHandle result) {
    this.run = run;
    this.sessionHandle = sessionHandle;
    this.tensorHandle = tensorHandle;
    this.optionsHandle = optionsHandle;
    this.result = result;
  }

  static boolean available() {
    return ACCESS != null;
  }

  /** As {@link OrtSession#run(Map, Set, RunOptions)}; all names must be the model's. */
  static Result run(
      OrtSession session, Map<String, OnnxTensor> inputs, Set<String> outputs, RunOptions options)
      throws OrtException {
    OverridingRun access = ACCESS;
    if (access == null) {
      throw new OrtException("this release of ONNX Runtime takes no inputs that have a default");
    }
    String[] inputNames = inputs.keySet().toArray(String[]::new);
    String[] outputNames = outputs.toArray(String[]::new);
    long[] inputHandles = new long[inputNames.length];
    OnnxValue[] values = new OnnxValue[outputNames.length];
    try {
      int i = 0;
      for (OnnxTensor tensor : inputs.values()) {
        inputHandles[i++] = (long) access.tensorHandle.invoke(tensor);
      }
      Object owned =
          access.run.invoke(
              session,
              (long) access.sessionHandle.invoke(session),
              inputNames,
              inputHandles,
              (long) inputNames.length,
              outputNames,
              (long) outputNames.length,
              values,
              new long[outputNames.length],
              (long) access.optionsHandle.invoke(options));
      return (Result) access.result.invoke(outputNames, values, owned);
    } catch (OrtException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("ONNX Runtime threw what it does not declare", e);
    }
  }

  /** The methods, bound to the one API and the default allocator of the process. */
  private static @Nullable OverridingRun find() {
    try {
      Lookup sessions = in(OrtSession.class);
      Class<?> runtime = sessions.findClass("ai.onnxruntime.OnnxRuntime");
      Class<?> allocator = sessions.findClass("ai.onnxruntime.OrtAllocator");
      Class<?> tensor = sessions.findClass("ai.onnxruntime.OnnxTensorLike");
      Class<?> environment = OnnxRuntime.environment().getClass();
      Object api = in(runtime).findStaticGetter(runtime, "ortApiHandle", long.class).invoke();
      Object standard =
          in(environment)
              .findGetter(environment, "defaultAllocator", allocator)
              .invoke(OnnxRuntime.environment());
      Object handle = in(allocator).findGetter(allocator, "handle", long.class).invoke(standard);
      MethodType signature =
          MethodType.methodType(
              boolean[].class,
              long.class,
              long.class,
              long.class,
              String[].class,
              long[].class,
              long.class,
              String[].class,
              long.class,
              OnnxValue[].class,
              long[].class,
              long.class);
      MethodHandle run = sessions.findVirtual(OrtSession.class, "run", signature);
      // session, api, session handle, allocator, …
      MethodHandle bound =
          MethodHandles.insertArguments(MethodHandles.insertArguments(run, 3, handle), 1, api);
      return new OverridingRun(
          bound,
          sessions.findGetter(OrtSession.class, "nativeHandle", long.class),
          in(tensor).findGetter(tensor, "nativeHandle", long.class),
          in(RunOptions.class).findGetter(RunOptions.class, "nativeHandle", long.class),
          in(Result.class)
              .findConstructor(
                  Result.class,
                  MethodType.methodType(
                      void.class, String[].class, OnnxValue[].class, boolean[].class)));
    } catch (Throwable e) {
      // whatever is different in this release, the answer is the same: not available
      return null;
    }
  }

  private static Lookup in(Class<?> type) throws IllegalAccessException {
    return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
  }
}
