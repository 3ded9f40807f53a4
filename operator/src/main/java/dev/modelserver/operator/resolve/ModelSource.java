package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.ClaimFile;
import dev.modelserver.operator.api.v1alpha1.ConfigMapKey;
import dev.modelserver.operator.api.v1alpha1.Model;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/** Where a model comes from: exactly one of the three that a spec can name. */
public sealed interface ModelSource {

  /** A key of a ConfigMap in the ModelServer's namespace. */
  record MapKey(String name, String key) implements ModelSource {}

  /** A file of a PersistentVolumeClaim in the ModelServer's namespace. */
  record Claim(String claimName, String path) implements ModelSource {}

  /** What lies outside the cluster's objects. */
  record Uri(ModelUri uri) implements ModelSource {}

  /**
   * The source of a model.
   *
   * @param stores where those of s3:// and hf:// are
   * @throws IllegalArgumentException with a sentence that names the field, the value and the remedy
   */
  static ModelSource of(Model model, StoreAddresses stores) {
    long named =
        Stream.of(model.uri(), model.configMap(), model.persistentVolumeClaim())
            .filter(Objects::nonNull)
            .count();
    if (named != 1) {
      throw new IllegalArgumentException(
          "spec.model has %d sources: set exactly one of uri, configMap and persistentVolumeClaim"
              .formatted(named));
    }
    if (model.configMap() != null) {
      return of(model.configMap());
    }
    return model.persistentVolumeClaim() != null
        ? of(model.persistentVolumeClaim())
        : new Uri(ModelUri.parse(Objects.requireNonNull(model.uri()), stores));
  }

  private static ModelSource of(ConfigMapKey map) {
    String field = "spec.model.configMap";
    return new MapKey(
        Named.object(map.name(), field + ".name", "the name of a ConfigMap"),
        Named.key(map.key(), field + ".key"));
  }

  private static ModelSource of(ClaimFile file) {
    String field = "spec.model.persistentVolumeClaim";
    String path = file.path();
    if (path == null || path.length() > ClaimFile.LONGEST_PATH || !plain(path)) {
      throw Named.invalid(field + ".path", path, "a relative path without . or .. segments");
    }
    return new Claim(Named.object(file.claimName(), field + ".claimName", "a claim's name"), path);
  }

  /** Whether each part of a relative path is a name, and none leads elsewhere. */
  static boolean plain(String path) {
    return path.chars().noneMatch(Character::isISOControl)
        && Arrays.stream(path.split("/", -1))
            .noneMatch(s -> s.isEmpty() || s.equals(".") || s.equals(".."));
  }
}
