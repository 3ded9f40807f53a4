package dev.modelserver.server.crash;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.onnx.RunGuard;
import dev.modelserver.server.onnx.RunRefusedException;
import dev.modelserver.server.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jboss.logging.Logger;

/**
 * Recognizes requests that end the process again and again. After a first crash of the native
 * library it notes each run before it begins. What was the only run when the process crashed is
 * refused from then on; what was one of several is a suspect, and runs while nothing else does.
 *
 * <p>Its files are in a directory of the pod's own, and lost with the pod.
 */
public final class CrashRecorder implements RunGuard {

  private static final Logger LOG = Logger.getLogger(CrashRecorder.class);

  private final Path directory;
  private final Digest model;
  private final RunningRequests running;
  private final ReentrantReadWriteLock alone = new ReentrantReadWriteLock(true);
  private volatile CrashRecord record;

  private CrashRecorder(Path directory, Digest model, RunningRequests running, CrashRecord record) {
    this.directory = directory;
    this.model = model;
    this.running = running;
    this.record = record;
  }

  /**
   * Looks at what processes before this one left behind. Empty while none of them crashed: then
   * nothing is recorded.
   *
   * @param directory of the pod's own; made when it is missing, for the JVM to write to
   */
  public static Optional<CrashRecorder> open(Path directory, Digest model) throws IOException {
    Files.createDirectories(directory);
    CrashRecord record = CrashRecord.read(directory, model);
    Optional<String> signal = FatalErrorLog.take(directory);
    if (signal.isPresent()) {
      List<Digest> left = RunningRequests.left(directory);
      record = record.crashed(signal.get(), left);
      LOG.errorf(
          "the process before this one was ended by %s in native code (crash %d of this pod), with"
              + " %d recorded runs under way; requests are recorded and not merged, %d are refused",
          signal.get(), record.crashes(), left.size(), record.refused().size());
    }
    if (record.crashes() == 0) {
      return Optional.empty();
    }
    record.write(directory, model);
    return Optional.of(
        new CrashRecorder(directory, model, RunningRequests.create(directory), record));
  }

  /** How often the process crashed. */
  public int crashes() {
    return record.crashes();
  }

  /** The signal of the last crash, such as SIGFPE. */
  public String signal() {
    return record.signal();
  }

  /** Requests that are refused. */
  public int refused() {
    return record.refused().size();
  }

  /** Requests that run alone. */
  public int suspects() {
    return record.suspects().size();
  }

  @Override
  public Permit begin(Map<String, Tensor> inputs) throws RunRefusedException {
    Digest run = RunDigest.of(model, inputs);
    CrashRecord known = record;
    if (known.refused().contains(run)) {
      throw new RunRefusedException(
          "these inputs ended the server's process (%s) and are not run again in this pod; change them, or report the model and the inputs to its owner"
              .formatted(known.signal()));
    }
    boolean suspect = known.suspects().contains(run);
    if (suspect) {
      alone.writeLock().lock();
    } else {
      alone.readLock().lock();
    }
    int slot = running.begin(run);
    return () -> {
      running.end(slot);
      if (suspect) {
        acquit(run);
        alone.writeLock().unlock();
      } else {
        alone.readLock().unlock();
      }
    };
  }

  private void acquit(Digest run) {
    record = record.acquitted(run);
    try {
      record.write(directory, model);
    } catch (IOException e) {
      LOG.warnf("the record of crashes cannot be written: %s", e.getClass().getSimpleName());
    }
  }
}
