package dev.modelserver.server.crash;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jboss.logging.Logger;

/**
 * Has the JVM report SIGABRT, by which native code ends a process on purpose, as it reports SIGSEGV
 * and SIGFPE: with its error file and its lines in the log. It has no handler for that signal of
 * its own, so the one for SIGSEGV is set for it, once: the abort at its end goes through.
 */
public final class AbortSignal {

  private static final Logger LOG = Logger.getLogger(AbortSignal.class);
  private static final int SIGABRT = 6;
  private static final int SIGSEGV = 11;

  /** {@code struct sigaction} of Linux' C libraries: handler, mask of 128 bytes, flags. */
  private static final int BYTES = 512;

  private static final int FLAGS = 136;
  private static final int SA_RESETHAND = 0x8000_0000;

  private AbortSignal() {}

  /** Sets the handler; where that is impossible, an abort is not recognized. */
  @SuppressWarnings("restricted") // libc is called by its own declaration
  public static void report() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle sigaction =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("sigaction"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment action = arena.allocate(BYTES, Long.BYTES);
      int read = (int) sigaction.invokeExact(SIGSEGV, MemorySegment.NULL, action);
      action.set(
          ValueLayout.JAVA_INT, FLAGS, action.get(ValueLayout.JAVA_INT, FLAGS) | SA_RESETHAND);
      int set = read == 0 ? (int) sigaction.invokeExact(SIGABRT, action, MemorySegment.NULL) : -1;
      if (set != 0) {
        LOG.warn("an abort of native code will not be recognized: its signal takes no handler");
      }
    } catch (Throwable e) {
      LOG.warnf("an abort of native code will not be recognized: %s", e);
    }
  }
}
