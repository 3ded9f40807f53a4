package dev.modelserver.server.preflight;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.model.TrialResults;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Reads a model and its external data from a folder, and nothing outside it, whatever the model
 * says.
 */
final class LocalFiles {

  /** Names in the model's directory that are ours. */
  private static final Set<String> RESERVED =
      Set.of(ModelDirectory.MODEL_FILE, ModelDirectory.DIGEST_FILE, TrialResults.FILE);

  private LocalFiles() {}

  /**
   * Copies the model file. A ConfigMap's files are links inside its mount, so links are followed as
   * long as they stay in the volume.
   */
  static Digest copyModel(ModelSource.Local source, ModelStore store) throws PreflightException {
    Path file = source.file();
    Place place = source.place();
    if (!Files.exists(file)) {
      throw Files.notExists(file) ? place.missing(file) : unreadable(source, "access is denied");
    }
    if (!Files.isRegularFile(file)) {
      throw new PreflightException(
          Reason.ModelNotFound,
          "\"%s\" in %s is a folder or a device; name the .onnx file itself in %s"
              .formatted(place.shown(file), place.shown(), place.field()));
    }
    if (place.isLeftBy(file)) {
      throw new PreflightException(
          Reason.ModelNotFound,
          "\"%s\" in %s is a link that leaves the volume; put the file itself there"
              .formatted(place.shown(file), place.shown()));
    }
    try {
      return copy(file, ModelDirectory.MODEL_FILE, store);
    } catch (IOException e) {
      throw unreadable(source, e.getClass().getSimpleName());
    }
  }

  private static PreflightException unreadable(ModelSource.Local source, String cause) {
    Place place = source.place();
    return new PreflightException(
        Reason.ModelNotFound,
        "\"%s\" in %s cannot be read (%s); check its permissions%s"
            .formatted(
                place.shown(source.file()),
                place.shown(),
                cause,
                place instanceof Place.Claim
                    ? ", or set spec.pod.securityContext.fsGroup to its group"
                    : ""));
  }

  /** Copies one file of external data to the same place beside the copy of the model. */
  static Digest copyExternal(Path folder, String location, ModelStore store)
      throws PreflightException {
    Path relative = relative(location);
    Path file = folder.resolve(relative);
    if (!Files.exists(file)) {
      throw new PreflightException(
          Reason.InvalidModel,
          "the model needs the external data file \""
              + location
              + "\", which is not beside it; add the file, or export the model in one file");
    }
    if (leaves(file, folder)) {
      throw outside(location, "is a link that leaves the model's folder");
    }
    if (!Files.isRegularFile(file)) {
      throw outside(location, "is not a regular file");
    }
    if (links(file) > 1) {
      throw outside(location, "is a hard link to a file with another name");
    }
    try {
      return copy(file, relative.toString(), store);
    } catch (IOException e) {
      throw new PreflightException(
          Reason.ModelNotFound,
          "\"%s\" cannot be read: %s; check its permissions"
              .formatted(location, e.getClass().getSimpleName()));
    }
  }

  /** The location as a path below the model's folder; everything else is refused. */
  static Path relative(String location) throws PreflightException {
    Path path;
    try {
      path = Path.of(location);
    } catch (InvalidPathException e) {
      throw outside(location, "is not a path");
    }
    if (path.isAbsolute() || location.startsWith("/") || location.startsWith("\\")) {
      throw outside(location, "is absolute");
    }
    for (Path part : path) {
      if (part.toString().equals("..")) {
        throw outside(location, "leaves the model's folder");
      }
    }
    Path normal = path.normalize();
    if (normal.toString().isEmpty()) {
      throw outside(location, "names no file");
    }
    if (RESERVED.contains(normal.getName(0).toString())
        || StreamSupport.stream(normal.spliterator(), false)
            .anyMatch(part -> part.toString().endsWith(ModelStore.UNFINISHED))
        || location.contains("\n")) {
      throw new PreflightException(
          Reason.InvalidModel,
          "the model's external data has the reserved name \""
              + normal
              + "\"; export it under another name");
    }
    return normal;
  }

  private static Digest copy(Path file, String name, ModelStore store)
      throws PreflightException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      store.announce(Files.size(file));
      return store.copy(in, name);
    }
  }

  /** Whether a file is a link to outside of a folder. */
  static boolean leaves(Path file, Path folder) throws PreflightException {
    try {
      return !file.toRealPath().startsWith(folder.toRealPath());
    } catch (IOException e) {
      throw new PreflightException(
          Reason.ModelNotFound,
          "a link of the model cannot be followed; put the file itself there");
    }
  }

  private static int links(Path file) {
    try {
      return Files.getAttribute(file, "unix:nlink") instanceof Integer count ? count : 1;
    } catch (IOException | UnsupportedOperationException e) {
      return 1;
    }
  }

  private static PreflightException outside(String location, String problem) {
    String shown = location.length() > 200 ? location.substring(0, 200) + "…" : location;
    return new PreflightException(
        Reason.ExternalDataOutside,
        "the model's external data location \""
            + shown
            + "\" "
            + problem
            + "; keep all files of the model in one folder and export it again");
  }
}
