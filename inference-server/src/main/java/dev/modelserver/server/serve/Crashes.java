package dev.modelserver.server.serve;

import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.crash.AbortSignal;
import dev.modelserver.server.crash.CrashRecorder;
import dev.modelserver.server.model.Digest;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The crashes of this pod's server, as far as it has a directory to remember them in. */
@Singleton
final class Crashes {

  private static final Logger LOG = Logger.getLogger(Crashes.class);

  private final Optional<Path> directory = ServerEnvironment.currentStateDirectory();
  private volatile Optional<CrashRecorder> recorder = Optional.empty();

  /** Looks at what earlier processes left; empty while none of them crashed. */
  Optional<CrashRecorder> open(Digest model) {
    if (directory.isPresent()) {
      try {
        recorder = CrashRecorder.open(directory.get(), model);
      } catch (IOException e) {
        LOG.warnf(
            "crashes are not recorded: the directory of MODELSERVER_STATE_DIR cannot be used (%s)",
            e.getClass().getSimpleName());
      }
    }
    if (recorder.isPresent()) {
      AbortSignal.report();
    }
    return recorder;
  }

  /** Once the model answers: it takes time, and only crashes after it are told by a signal. */
  void reportAborts() {
    if (directory.isPresent() && recorder.isEmpty()) {
      AbortSignal.report();
    }
  }

  /** What is recorded; empty while nothing is. */
  Optional<CrashRecorder> recorder() {
    return recorder;
  }
}
