package dev.modelserver.server.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.file.Path;

/** The one ONNX Runtime environment of the process. */
public final class OnnxRuntime {

  private OnnxRuntime() {}

  /** The version of ONNX Runtime. */
  public static String version() {
    return environment().getVersion();
  }

  static OrtEnvironment environment() {
    return Holder.ENVIRONMENT;
  }

  /**
   * No spinning: a spinning thread takes the processor from another request. Several nodes never
   * run side by side. The caller closes the options.
   *
   * @param model the first one of the process decides what memory is left for runs
   * @param extensions what the model needs beside ONNX Runtime's own operators
   */
  static SessionOptions sessionOptions(Path model, SessionSettings settings, Extensions extensions)
      throws OrtException {
    RunMemory.limit(environment(), model);
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(settings.intraOpThreads());
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.addConfigEntry("session.inter_op.allow_spinning", "0");
    options.addConfigEntry("session.use_env_allocators", "1");
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    extensions.register(options);
    return options;
  }

  private static final class Holder {
    static final OrtEnvironment ENVIRONMENT = create();

    private static OrtEnvironment create() {
      // failures come back as exceptions; the native log would repeat them with paths
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "modelserver");
      try {
        environment.setTelemetry(false);
      } catch (OrtException e) {
        throw new IllegalStateException("ONNX Runtime does not switch its telemetry off", e);
      }
      return environment;
    }
  }
}
