import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes how many bytes all threads of a JVM have allocated since it started to the file named by the argument. Attached
 * before and after a measurement, so that the measured program needs no change.
 */
public final class AllocatedBytes {

  private AllocatedBytes() {}

  /** Called by the JVM that the agent is attached to. */
  public static void agentmain(String file) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Files.writeString(Path.of(file), Long.toString(threads.getTotalThreadAllocatedBytes()));
  }
}
