package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.text.ForeignText;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The files of one folder of an image, as its layers leave them; told layer by layer, the uppermost
 * first. In the root of the image only its own files count, not those of its folders.
 */
final class ImageFiles {

  /** Where a model is that no field names. */
  private static final String DEFAULT_FOLDER = "models";

  /** Where files are until it is known whether the model needs them; no model can have the name. */
  private static final String WAITING = "layers" + ModelStore.UNFINISHED;

  /** Paths that are kept in memory. */
  private static final int MOST_PATHS = 50_000;

  /** Characters; each folder of a path is kept too. */
  private static final int LONGEST_PATH = 1024;

  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  private final OciReference reference;
  private final Optional<String> wanted;
  private final String folder;
  private final LayerStack stack = new LayerStack();
  private final TreeMap<String, Found> found = new TreeMap<>();
  private Optional<String> linkedFolder = Optional.empty();
  private int layer;
  private int copies;

  /**
   * The files of a model's folder.
   *
   * @param wanted path of the model; empty: the only one below {@code /models}
   */
  ImageFiles(OciReference reference, Optional<String> wanted) {
    this.reference = reference;
    this.wanted = wanted;
    this.folder = wanted.map(LayerStack::parent).orElse(DEFAULT_FOLDER);
  }

  private enum Kind {
    FILE,
    LINK,
    DEVICE,
    /** A file that cannot be the model, nor belong to it. */
    OTHER_MODEL
  }

  /**
   * What is at a path.
   *
   * @param copy name in the store and digest; empty where nothing was copied
   */
  private record Found(Kind kind, int layer, Optional<Copy> copy) {}

  private record Copy(String name, Digest digest) {}

  /** For the beginning of a sentence. */
  String place() {
    return "%s, in its folder /%s,".formatted(reference, folder);
  }

  /** The folder, or one above it, where it is a link or a file. */
  Optional<String> linked() {
    return linkedFolder;
  }

  /** Paths of all files. */
  SortedSet<String> names() throws PreflightException {
    if (linkedFolder.isPresent()) {
      throw new PreflightException(
          Reason.ModelNotFound,
          "/%s in %s is a link or a file; put the model itself into a folder of the image"
              .formatted(ForeignText.shown(linkedFolder.get(), 200), reference));
    }
    return new TreeSet<>(found.keySet());
  }

  /** Reads a layer; see {@link #forget} for one that was not read to its end. */
  void read(UnpackedLimit in, ModelStore store) throws PreflightException, IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8");
    long rest = 0;
    while (true) {
      in.headers(rest);
      TarArchiveEntry entry = tar.getNextEntry();
      if (entry == null) {
        return;
      }
      in.content();
      long before = in.bytes();
      Optional<String> path = OnnxNames.normal(entry.getName());
      if (path.isPresent()) {
        take(path.get(), entry, tar, store);
      }
      rest = Math.max(0, entry.getSize() - (in.bytes() - before));
    }
  }

  /** The layer was read; the one below follows. */
  void descend() {
    layer++;
    stack.descend();
  }

  /** Drops what was read of this layer. */
  void forget(ModelStore store) throws PreflightException {
    stack.forget();
    for (String path : List.copyOf(found.keySet())) {
      drop(path, store);
    }
  }

  /** Drops every copy that was not kept. */
  void clear(ModelStore store) throws PreflightException {
    for (Found each : found.values()) {
      if (each.copy().isPresent() && each.copy().get().name().startsWith(WAITING)) {
        store.remove(each.copy().get().name());
      }
    }
    store.removeFolder(WAITING);
  }

  /**
   * Puts the copy of a file to its place in the store.
   *
   * @return its digest
   */
  Digest keep(String path, String name, ModelStore store) throws PreflightException {
    Found file = found.get(path);
    if (file == null || file.copy().isEmpty()) {
      throw new PreflightException(
          Reason.ModelNotFound,
          "\"%s\" in %s is a link or a device; put the file itself there"
              .formatted(ForeignText.shown(path, 200), reference));
    }
    Copy copy = file.copy().get();
    if (!copy.name().equals(name)) {
      store.move(copy.name(), name);
      found.put(
          path, new Found(file.kind(), file.layer(), Optional.of(new Copy(name, copy.digest()))));
    }
    return copy.digest();
  }

  /** The same for a file that the model names. */
  Digest keepExternal(String model, String location, ModelStore store) throws PreflightException {
    String relative = ExternalData.relative(location).toString();
    String folderOfModel = LayerStack.parent(model);
    String path = folderOfModel.isEmpty() ? relative : folderOfModel + "/" + relative;
    Found file = found.get(path);
    if (file == null || file.kind() == Kind.OTHER_MODEL) {
      throw new PreflightException(
          Reason.InvalidModel,
          "the model needs the external data file \"%s\", which is not beside it in %s; add the file, or export the model in one file"
              .formatted(ForeignText.shown(location, 200), reference));
    }
    if (file.copy().isEmpty()) {
      throw ExternalData.outside(location, "is a link or a device");
    }
    return keep(path, relative, store);
  }

  private void take(String path, TarArchiveEntry entry, InputStream content, ModelStore store)
      throws PreflightException, IOException {
    String above = LayerStack.parent(path);
    String name = path.substring(above.isEmpty() ? 0 : above.length() + 1);
    if (name.startsWith(WHITEOUT)) {
      hide(above, name);
      return;
    }
    if (!isRelevant(path)) {
      return;
    }
    if (path.length() > LONGEST_PATH || entry.isSparse()) {
      throw new PreflightException(
          Reason.InvalidModel,
          "\"%s\" in %s is a sparse file, or its path has more than %d characters; give the model a folder of its own"
              .formatted(ForeignText.shown(path, 200), reference, LONGEST_PATH));
    }
    boolean isFolder = entry.isDirectory();
    boolean hidden = stack.hides(path, isFolder);
    stack.add(path, isFolder);
    requireFew();
    replace(path, isFolder, store);
    if (isFolder || hidden) {
      return;
    }
    if (isInside(path)) {
      found.put(path, found(path, entry, content, store));
    } else {
      linkedFolder = Optional.of(path);
    }
  }

  private Found found(String path, TarArchiveEntry entry, InputStream content, ModelStore store)
      throws PreflightException, IOException {
    if (entry.isSymbolicLink() || entry.isLink()) {
      return new Found(Kind.LINK, layer, Optional.empty());
    }
    if (entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice()) {
      return new Found(Kind.DEVICE, layer, Optional.empty());
    }
    boolean other =
        OnnxNames.isModel(path)
            && (wanted.isPresent()
                ? !wanted.get().equals(path)
                : found.keySet().stream().anyMatch(OnnxNames::isModel));
    if (other) {
      return new Found(Kind.OTHER_MODEL, layer, Optional.empty());
    }
    String name = WAITING + "/" + copies++;
    store.announce(entry.getRealSize());
    Digest digest = store.copy(content, ModelStore.Part.whole(entry.getRealSize()), name);
    return new Found(Kind.FILE, layer, Optional.of(new Copy(name, digest)));
  }

  private void hide(String above, String name) throws PreflightException {
    String hidden = name.substring(WHITEOUT.length());
    if (name.equals(OPAQUE)) {
      if (isRelevant(above)) {
        stack.empty(above);
      }
    } else if (!hidden.startsWith(WHITEOUT)) {
      String path = above.isEmpty() ? hidden : above + "/" + hidden;
      if (OnnxNames.normal(path).equals(Optional.of(path)) && isRelevant(path)) {
        stack.remove(path);
      }
    }
    requireFew();
  }

  /** A later entry of the same layer replaces an earlier one. */
  private void replace(String path, boolean isFolder, ModelStore store) throws PreflightException {
    List<String> replaced = new ArrayList<>(List.of(path));
    for (String above = LayerStack.parent(path);
        !above.isEmpty();
        above = LayerStack.parent(above)) {
      replaced.add(above);
    }
    if (!isFolder) {
      // a slash and the character after it: all paths below this one are between
      replaced.addAll(found.subMap(path + "/", path + "0").keySet());
    }
    for (String each : replaced) {
      drop(each, store);
    }
  }

  private void drop(String path, ModelStore store) throws PreflightException {
    Found each = found.get(path);
    if (each != null && each.layer() == layer) {
      if (each.copy().isPresent()) {
        store.remove(each.copy().get().name());
      }
      found.remove(path);
    }
  }

  private boolean isInside(String path) {
    return folder.isEmpty() ? !path.contains("/") : path.startsWith(folder + "/");
  }

  /** Whether it can hide or be one of the files. */
  private boolean isRelevant(String path) {
    return isInside(path) || path.isEmpty() || (folder + "/").startsWith(path + "/");
  }

  private void requireFew() throws PreflightException {
    if (stack.size() + found.size() > MOST_PATHS) {
      throw new PreflightException(
          Reason.InvalidModel,
          "the layers of %s have more than %d paths in /%s; put the model into a folder of its own"
              .formatted(reference, MOST_PATHS, folder));
    }
  }
}
