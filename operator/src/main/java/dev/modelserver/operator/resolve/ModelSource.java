package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.ClaimFile;
import dev.modelserver.operator.api.v1alpha1.ConfigMapKey;
import dev.modelserver.operator.api.v1alpha1.KubernetesNames;
import dev.modelserver.operator.api.v1alpha1.Model;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
   * @throws IllegalArgumentException with a sentence that names the field, the value and the remedy
   */
  static ModelSource of(Model model) {
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
        : new Uri(ModelUri.parse(Objects.requireNonNull(model.uri())));
  }

  private static ModelSource of(ConfigMapKey map) {
    String field = "spec.model.configMap";
    return new MapKey(
        form(map.name(), field + ".name", KubernetesNames.SUBDOMAIN, "the name of a ConfigMap"),
        form(map.key(), field + ".key", KubernetesNames.CONFIG_MAP_KEY, "a key of the ConfigMap"));
  }

  private static ModelSource of(ClaimFile file) {
    String field = "spec.model.persistentVolumeClaim";
    String path = file.path();
    if (path == null || path.length() > ClaimFile.LONGEST_PATH || !plain(path)) {
      throw invalid(field + ".path", path, "a relative path without . or .. segments");
    }
    return new Claim(
        form(file.claimName(), field + ".claimName", KubernetesNames.SUBDOMAIN, "a claim's name"),
        path);
  }

  /** Whether each part of a relative path is a name, and none leads elsewhere. */
  static boolean plain(String path) {
    return path.chars().noneMatch(Character::isISOControl)
        && Arrays.stream(path.split("/", -1))
            .noneMatch(s -> s.isEmpty() || s.equals(".") || s.equals(".."));
  }

  private static String form(@Nullable String value, String field, String pattern, String what) {
    if (value == null || value.length() > KubernetesNames.LONGEST || !value.matches(pattern)) {
      throw invalid(field, value, what);
    }
    return value;
  }

  private static IllegalArgumentException invalid(
      String field, @Nullable String value, String what) {
    return new IllegalArgumentException(
        value == null
            ? "%s is missing: give %s".formatted(field, what)
            : "%s \"%s\" must be %s".formatted(field, value, what));
  }
}
