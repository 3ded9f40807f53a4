package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What holds a local model, as the user named it. */
sealed interface Place {

  /** How many keys of a ConfigMap a message names. */
  int MOST_KEYS = 10;

  /** A ConfigMap, mounted whole. */
  record ConfigMap(String name, Path root) implements Place {}

  /** A PersistentVolumeClaim. */
  record Claim(String name, Path root) implements Place {}

  /** The server's image. */
  record Image() implements Place {}

  /** For the middle of a sentence. */
  default String shown() {
    return switch (this) {
      case ConfigMap map -> "ConfigMap " + map.name();
      case Claim claim -> "PersistentVolumeClaim " + claim.name();
      case Image _ -> "the image";
    };
  }

  /** The field of the spec that names the file. */
  default String field() {
    return switch (this) {
      case ConfigMap _ -> "spec.model.configMap.key";
      case Claim _ -> "spec.model.persistentVolumeClaim.path";
      case Image _ -> "spec.model.uri";
    };
  }

  /** The file as the user named it. */
  default String shown(Path file) {
    return switch (this) {
      case ConfigMap map -> map.root().normalize().relativize(file).toString();
      case Claim claim -> claim.root().normalize().relativize(file).toString();
      case Image _ -> file.toString();
    };
  }

  /** Whether a file is a link to outside. */
  default boolean isLeftBy(Path file) throws PreflightException {
    return switch (this) {
      case ConfigMap map -> LocalFiles.leaves(file, map.root());
      case Claim claim -> LocalFiles.leaves(file, claim.root());
      case Image _ -> false;
    };
  }

  /** Why there is no model. */
  default PreflightException missing(Path file) {
    String name = shown(file);
    String sentence =
        switch (this) {
          case ConfigMap map ->
              "ConfigMap %s has no key %s; it has %s: correct %s, or add the key"
                  .formatted(map.name(), name, keys(map.root()), field());
          case Claim claim ->
              "PersistentVolumeClaim %s has no file %s; correct %s, or put the file there"
                  .formatted(claim.name(), name, field());
          case Image _ ->
              "there is no file \"%s\" in the image; correct %s, or put the file there"
                  .formatted(name, field());
        };
    return new PreflightException(Reason.ModelNotFound, sentence);
  }

  /** Of the mount of a ConfigMap; what begins with two dots is the kubelet's own. */
  private static String keys(Path root) {
    try (Stream<Path> files = Files.list(root)) {
      List<String> keys =
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(name -> !name.startsWith(".."))
              .sorted()
              .toList();
      String some = String.join(", ", keys.subList(0, Math.min(MOST_KEYS, keys.size())));
      return keys.isEmpty()
          ? "none"
          : keys.size() <= MOST_KEYS
              ? some
              : some + " and %d more".formatted(keys.size() - MOST_KEYS);
    } catch (IOException e) {
      return "none that can be read";
    }
  }
}
