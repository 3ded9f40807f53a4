package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a model and its external data from a folder, and nothing outside it, whatever the model
 * says.
 */
record LocalFiles(ModelSource.Local source) implements SourceReader {

  @Override
  public String fileName() {
    return String.valueOf(source.file().getFileName());
  }

  @Override
  public boolean remote() {
    return false;
  }

  /**
   * A ConfigMap's files are links inside its mount: they are followed as long as they stay there.
   */
  @Override
  public Digest copyModel(ModelStore store) throws PreflightException {
    Path file = source.file();
    Place place = source.place();
    if (!Files.exists(file)) {
      throw Files.notExists(file) ? place.missing(file) : unreadable("access is denied");
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
      throw unreadable(e.getClass().getSimpleName());
    }
  }

  private PreflightException unreadable(String cause) {
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

  @Override
  public Digest copyExternal(String location, ModelStore store) throws PreflightException {
    Path parent = source.file().getParent();
    Path folder = parent == null ? Path.of("/") : parent;
    Path relative = ExternalData.relative(location);
    Path file = folder.resolve(relative);
    if (!Files.exists(file)) {
      throw new PreflightException(
          Reason.InvalidModel,
          "the model needs the external data file \""
              + location
              + "\", which is not beside it; add the file, or export the model in one file");
    }
    if (leaves(file, folder)) {
      throw ExternalData.outside(location, "is a link that leaves the model's folder");
    }
    if (!Files.isRegularFile(file)) {
      throw ExternalData.outside(location, "is not a regular file");
    }
    if (links(file) > 1) {
      throw ExternalData.outside(location, "is a hard link to a file with another name");
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
}
