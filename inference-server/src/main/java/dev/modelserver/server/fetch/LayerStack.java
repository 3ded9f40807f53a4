package dev.modelserver.server.fetch;

import java.util.HashSet;
import java.util.Set;

/**
 * Which paths of a layer are still seen, when the layers of an image are read from the uppermost
 * down. What a layer hides, it hides in the layers below it alone, whatever the order of its
 * entries (OCI image specification, "Representing Changes").
 *
 * <p>Paths have no slash at either end; the root is empty.
 */
final class LayerStack {

  /** Hidden with all that is below: removed, or replaced by what is no folder. */
  private final Set<String> covered = new HashSet<>();

  /** Folders whose content is hidden. */
  private final Set<String> opaque = new HashSet<>();

  private final Set<String> folders = new HashSet<>();
  private final Set<String> nextCovered = new HashSet<>();
  private final Set<String> nextOpaque = new HashSet<>();
  private final Set<String> nextFolders = new HashSet<>();

  /** Whether the layers above hide an entry of this one. */
  boolean hides(String path, boolean folder) {
    if (covered.contains(path) || (!folder && folders.contains(path))) {
      return true;
    }
    for (String above = path; !above.isEmpty(); ) {
      above = parent(above);
      if (covered.contains(above) || opaque.contains(above)) {
        return true;
      }
    }
    return false;
  }

  /** This layer has an entry. */
  void add(String path, boolean folder) {
    if (folder) {
      nextFolders.add(path);
    } else {
      nextCovered.add(path);
    }
    for (String above = path; !above.isEmpty(); ) {
      above = parent(above);
      nextFolders.add(above);
    }
  }

  /** This layer removes what is at a path. */
  void remove(String path) {
    nextCovered.add(path);
  }

  /** This layer removes the content of a folder. */
  void empty(String folder) {
    nextOpaque.add(folder);
    add(folder, true);
  }

  /** All of this layer was told; the one below it follows. */
  void descend() {
    covered.addAll(nextCovered);
    opaque.addAll(nextOpaque);
    folders.addAll(nextFolders);
    forget();
  }

  /** What was told of this layer does not count: it is read again. */
  void forget() {
    nextCovered.clear();
    nextOpaque.clear();
    nextFolders.clear();
  }

  /** How many paths are kept. */
  int size() {
    return covered.size()
        + opaque.size()
        + folders.size()
        + nextCovered.size()
        + nextOpaque.size()
        + nextFolders.size();
  }

  /** The folder that a path is in. */
  static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
