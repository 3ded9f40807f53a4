package dev.modelserver.server.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import com.sun.management.OperatingSystemMXBean;
import dev.modelserver.server.graph.OnnxFileScan;
import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.text.ForeignText;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The memory that runs may take together. Without a limit a request can have the kernel end the
 * container: memory is overcommitted on a Kubernetes node, and a model that sizes an output by a
 * value gets terabytes, until it writes to them.
 *
 * <p>The limit is of the runtime's allocator, which all tensors but the weights come from. What a
 * kernel allocates for itself, beside its tensors, is not counted.
 */
public final class RunMemory {

  private static final Logger LOG = Logger.getLogger(RunMemory.class);

  /** For who has no container whose limit could be read: tests, and servers on a desk. */
  private static final String PROPERTY = "modelserver.onnxruntime.memory";

  /** Compiled code, classes, stacks, buffers of connections: measured in docs/limits.md. */
  private static final long OUTSIDE_HEAP = 112L << 20;

  private static final long LEAST = 32L << 20;

  private static final int ARENA_ALLOCATOR = 1;
  private static final int DEFAULT_MEMORY = 0;

  /** As much as is asked for: powers of two would leave up to half of the limit unused. */
  private static final int SAME_AS_REQUESTED = 1;

  private static final int DEFAULT = -1;

  private static volatile long limit;

  private RunMemory() {}

  /** Bytes for all runs of this process together; 0 before the first model is loaded. */
  public static long limit() {
    return limit;
  }

  /**
   * Has the sessions that ask for the environment's allocator share one with a limit, from the
   * first model on: what the container's limit, or else the machine, leaves beside the heap, the
   * model's weights and the rest.
   */
  static synchronized void limit(OrtEnvironment environment, Path model) throws OrtException {
    if (limit == 0) {
      long bytes = Long.getLong(PROPERTY, left(model));
      register(environment, bytes);
      limit = bytes;
    }
  }

  private static long left(Path model) {
    long total =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    long others = Runtime.getRuntime().maxMemory() + OUTSIDE_HEAP + weights(model);
    return Math.max(LEAST, total - others);
  }

  /** Bytes of the model's files; 0 where they cannot be read, which loading them reports. */
  private static long weights(Path model) {
    try {
      long bytes = Files.size(model);
      for (String location : OnnxFileScan.of(model).externalLocations()) {
        Path external = model.resolveSibling(location);
        bytes += Files.isRegularFile(external) ? Files.size(external) : 0;
      }
      return bytes;
    } catch (IOException | ModelLoadException e) {
      return 0;
    }
  }

  private static void register(OrtEnvironment environment, long bytes) throws OrtException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(ValueLayout.JAVA_LONG);
      RuntimeApi.check(
          (long)
              function(
                      RuntimeApi.Function.CREATE_CPU_MEMORY_INFO,
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT,
                      ValueLayout.ADDRESS)
                  .invoke(ARENA_ALLOCATOR, DEFAULT_MEMORY, pointer));
      long info = pointer.get(ValueLayout.JAVA_LONG, 0);
      RuntimeApi.check(
          (long)
              function(
                      RuntimeApi.Function.CREATE_ARENA_CFG,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT,
                      ValueLayout.ADDRESS)
                  .invoke(bytes, SAME_AS_REQUESTED, DEFAULT, DEFAULT, pointer));
      long config = pointer.get(ValueLayout.JAVA_LONG, 0);
      long handle = (long) RuntimeApi.handleOf(OrtEnvironment.class.getName()).invoke(environment);
      RuntimeApi.check(
          (long)
              function(
                      RuntimeApi.Function.CREATE_AND_REGISTER_ALLOCATOR,
                      RuntimeApi.HANDLE,
                      RuntimeApi.HANDLE,
                      RuntimeApi.HANDLE)
                  .invoke(handle, info, config));
      release(RuntimeApi.Function.RELEASE_ARENA_CFG).invoke(config);
      release(RuntimeApi.Function.RELEASE_MEMORY_INFO).invoke(info);
    } catch (OrtException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("ONNX Runtime threw what it does not declare", e);
    }
  }

  /**
   * Gives back what the allocator keeps for later runs and no run holds, so that memory in pieces
   * that are too small is no reason to refuse a run: by a run that ends before its first operator.
   *
   * @param inputs at least those that the session needs
   */
  static void releaseIdle(OrtSession session, Map<String, OnnxTensor> inputs, Set<String> outputs) {
    Map<String, OnnxTensor> needed = new HashMap<>(inputs);
    needed.keySet().retainAll(session.getInputNames());
    try (RunOptions options = new RunOptions()) {
      options.setTerminate(true);
      releaseAfterwards(options);
      session.run(needed, outputs, options).close();
    } catch (OrtException e) {
      LOG.debugf(
          "the run that releases memory has ended, as it was asked to: %s",
          ForeignText.logged(String.valueOf(e.getMessage())));
    }
  }

  /** Has a run, when it ends, give back what the allocator keeps and no run holds. */
  static void releaseAfterwards(RunOptions options) throws OrtException {
    options.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
  }

  private static MethodHandle function(RuntimeApi.Function function, ValueLayout... parameters) {
    return RuntimeApi.function(function, FunctionDescriptor.of(RuntimeApi.HANDLE, parameters));
  }

  private static MethodHandle release(RuntimeApi.Function function) {
    return RuntimeApi.function(function, FunctionDescriptor.ofVoid(RuntimeApi.HANDLE));
  }
}
