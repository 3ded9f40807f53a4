package dev.modelserver.server.fetch;

import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.model.TrialResults;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Where a model says that its external data lies: a path below its own folder, or refused. */
public final class ExternalData {

  /** Names in the model's directory that are ours. */
  private static final Set<String> RESERVED =
      Set.of(ModelDirectory.MODEL_FILE, ModelDirectory.DIGEST_FILE, TrialResults.FILE);

  private ExternalData() {}

  /** The location as a path below the model's folder; everything else is refused. */
  public static Path relative(String location) throws PreflightException {
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
        || location.chars().anyMatch(Character::isISOControl)) {
      throw new PreflightException(
          Reason.InvalidModel,
          "the model's external data has the reserved name \""
              + normal
              + "\"; export it under another name");
    }
    return normal;
  }

  static PreflightException outside(String location, String problem) {
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
