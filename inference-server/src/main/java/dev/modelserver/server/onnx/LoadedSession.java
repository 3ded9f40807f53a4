package dev.modelserver.server.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.modelserver.server.graph.ModelGraph;
import dev.modelserver.server.graph.division.DivisionGuards;
import dev.modelserver.server.graph.edit.ExternalWeights;
import dev.modelserver.server.graph.edit.ModelEdits;
import dev.modelserver.server.model.ModelLoadException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model as ONNX Runtime has loaded it: without its ZipMaps and with guards before its divisions,
 * as far as it loads that way.
 *
 * @param guarded divisions that fail with a message of their own, by the number of their guard
 * @param unguarded divisions that can end the process
 * @param aliases other names of its inputs and outputs
 * @param settings what it was made with
 */
record LoadedSession(
    OrtSession session,
    List<String> guarded,
    List<String> unguarded,
    PortAliases aliases,
    SessionSettings settings) {

  /** Beyond this size an edited model is not held in memory; its large weights stay in the file. */
  private static final long MAX_BYTES = 256L << 20;

  private static final String EXTERNAL_FOLDER =
      "session.model_external_initializers_file_folder_path";

  LoadedSession {
    guarded = List.copyOf(guarded);
    unguarded = List.copyOf(unguarded);
  }

  /** One way to load a model. */
  private record Way(ModelEdits edits, List<String> guarded, List<String> unguarded) {}

  /**
   * Loads a model.
   *
   * @param graph null when the file could not be read: it is loaded as it is
   */
  static LoadedSession of(Path file, @Nullable ModelGraph graph, SessionSettings settings)
      throws ModelLoadException {
    return of(file, graph, settings, MAX_BYTES);
  }

  /**
   * The same with another limit.
   *
   * @param maxBytes of an edited model in memory
   */
  static LoadedSession of(
      Path file, @Nullable ModelGraph graph, SessionSettings settings, long maxBytes)
      throws ModelLoadException {
    Extensions extensions = Extensions.of(graph);
    List<String> unguarded = List.of();
    if (graph != null) {
      PortAliases aliases = PortAliases.of(graph);
      ModelEdits renames = renames(file, graph, aliases);
      for (Way way : ways(graph)) {
        ModelEdits edits = way.edits.and(renames);
        OrtSession session =
            edits.isEmpty() ? null : edited(file, edits, settings, extensions, maxBytes);
        if (session != null) {
          return new LoadedSession(session, way.guarded, way.unguarded, aliases, settings);
        }
        unguarded = way.unguarded;
      }
    }
    return new LoadedSession(
        unchanged(file, settings, extensions), List.of(), unguarded, PortAliases.NONE, settings);
  }

  private static ModelEdits renames(Path file, ModelGraph graph, PortAliases aliases)
      throws ModelLoadException {
    try {
      return aliases.edits(file, graph);
    } catch (IOException e) {
      throw new ModelLoadException(
          ModelLoadException.Kind.INVALID, "the model file cannot be read again; export it again");
    }
  }

  /** The file as it is. */
  static OrtSession unchanged(Path file, SessionSettings settings, Extensions extensions)
      throws ModelLoadException {
    try (var options = OnnxRuntime.sessionOptions(file, settings, extensions)) {
      return OnnxRuntime.environment().createSession(file.toString(), options);
    } catch (OrtException e) {
      throw RuntimeMessages.loadFailure(e, file);
    }
  }

  /** The best first; in the last no division is guarded. */
  private static List<Way> ways(ModelGraph graph) {
    ModelEdits zipMaps = ZipMapBypass.of(graph);
    DivisionGuards all = DivisionGuards.of(graph, true);
    DivisionGuards known = DivisionGuards.of(graph, false);
    List<Way> ways = new ArrayList<>();
    for (DivisionGuards guards : all.equals(known) ? List.of(all) : List.of(all, known)) {
      ways.add(new Way(zipMaps.and(guards.edits()), guards.guarded(), guards.unguarded()));
      if (!zipMaps.isEmpty() && !guards.edits().isEmpty()) {
        ways.add(new Way(guards.edits(), guards.guarded(), guards.unguarded()));
      }
    }
    List<String> every = new ArrayList<>(all.guarded());
    every.addAll(all.unguarded());
    ways.add(new Way(zipMaps, List.of(), every));
    return ways;
  }

  /** Null where the edited model does not load: the file has the better message. */
  private static @Nullable OrtSession edited(
      Path file, ModelEdits edits, SessionSettings settings, Extensions extensions, long maxBytes) {
    Path folder = file.toAbsolutePath().getParent();
    try (Arena arena = Arena.ofConfined();
        var options = OnnxRuntime.sessionOptions(file, settings, extensions)) {
      ModelEdits fitting =
          edits.size(file) <= maxBytes ? edits : edits.and(ExternalWeights.of(file));
      if (folder == null || fitting.size(file) > maxBytes) {
        return null;
      }
      options.addConfigEntry(EXTERNAL_FOLDER, folder.toString());
      return OnnxRuntime.environment().createSession(fitting.apply(file, arena), options);
    } catch (OrtException | IOException e) {
      return null;
    }
  }
}
