package dev.modelserver.server.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.extensions.OrtxPackage;
import dev.modelserver.server.graph.ExtensionOperators;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.model.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime Extensions: operators for tokens, texts, images and audio, in a native library of
 * their own (https://github.com/microsoft/onnxruntime-extensions). It is loaded with the first
 * model that uses one of them, and never for other models.
 */
final class Extensions {

  /** Of the library; the one in the root POM. */
  static final String VERSION = "0.13.0";

  private static final String ENDS_THE_PROCESS =
      "ends the process over a long text, because its expressions call themselves for each character: export the model with %s";

  /** Operators that the server does not run, and why; each with its remedy. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "ImageReader",
          "reads files of the server by their names, which is not allowed: export the model with the content of the file as its input",
          "StringECMARegexReplace",
          ENDS_THE_PROCESS.formatted("StringRegexReplace"),
          "StringECMARegexSplitWithOffsets",
          ENDS_THE_PROCESS.formatted("StringRegexSplitWithOffsets"));

  /** Where the image has the native libraries; ONNX Runtime's own property. */
  private static final String FOLDER = "onnxruntime.native.path";

  private static final String LIBRARY = "onnxruntime_extensions4j_jni";

  /** For a model without operators of the library. */
  static final Extensions NONE = new Extensions(null);

  private final @Nullable Path library;

  private Extensions(@Nullable Path library) {
    this.library = library;
  }

  /**
   * What a model needs. The library is in the process from then on: closing session options unloads
   * what they loaded, under the sessions that still use it.
   *
   * @param graph null when the file could not be read
   * @throws ModelLoadException when the model uses an operator that the server does not run, or
   *     there is no library for this processor or operating system
   */
  static Extensions of(@Nullable ModelGraph graph) throws ModelLoadException {
    Set<String> operators = graph == null ? Set.of() : ExtensionOperators.of(graph);
    if (graph == null || operators.isEmpty()) {
      return NONE;
    }
    for (String operator : ExtensionOperators.named(graph)) {
      String why = REFUSED.get(operator);
      if (why != null) {
        throw unsupported("the operator %s of ONNX Runtime Extensions %s".formatted(operator, why));
      }
    }
    try {
      Extensions extensions = new Extensions(Loaded.LIBRARY);
      StringTensors.readExactly();
      return extensions;
    } catch (LinkageError e) {
      throw unsupported(
          "the model uses %s of ONNX Runtime Extensions %s, whose library cannot be loaded on this node (%s, %s): run the pods on Linux nodes with amd64 processors (spec.pod.nodeSelector), or do this step (tokens, images, audio) before the request"
              .formatted(
                  String.join(", ", operators.stream().limit(3).toList()),
                  VERSION,
                  System.getProperty("os.name"),
                  System.getProperty("os.arch")));
    }
  }

  /** Makes the operators known to the sessions of these options. */
  void register(SessionOptions options) throws OrtException {
    if (library != null) {
      options.registerCustomOpLibrary(library.toString());
    }
  }

  /** Whether a model has operators of the library. */
  boolean used() {
    return library != null;
  }

  private static ModelLoadException unsupported(String message) {
    return new ModelLoadException(ModelLoadException.Kind.UNSUPPORTED_OPERATOR, message);
  }

  private static final class Loaded {
    static final Path LIBRARY = load();

    @SuppressWarnings("restricted") // the runtime's own Java interface needs native access as well
    private static Path load() {
      String folder = System.getProperty(FOLDER);
      if (folder != null) {
        Path unpacked = Path.of(folder, System.mapLibraryName(Extensions.LIBRARY));
        if (Files.isRegularFile(unpacked)) {
          System.load(unpacked.toAbsolutePath().toString());
          return unpacked.toAbsolutePath();
        }
      }
      // Unpacks it from its jar into java.io.tmpdir, and loads it.
      return Path.of(OrtxPackage.getLibraryPath());
    }
  }
}
