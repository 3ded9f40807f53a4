package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.KubernetesNames;
import org.jspecify.annotations.Nullable;

/** Names of other objects in a spec, and sentences about those that are none. */
final class Named {
  private Named() {}

  /** The name of an object, which the field must have. */
  static String object(@Nullable String value, String field, String what) {
    return form(value, field, KubernetesNames.SUBDOMAIN, what);
  }

  /** The key of a ConfigMap, which the field must have. */
  static String key(@Nullable String value, String field) {
    return form(value, field, KubernetesNames.CONFIG_MAP_KEY, "a key of the ConfigMap");
  }

  private static String form(@Nullable String value, String field, String pattern, String what) {
    if (value == null || value.length() > KubernetesNames.LONGEST || !value.matches(pattern)) {
      throw invalid(field, value, what);
    }
    return value;
  }

  static IllegalArgumentException invalid(String field, @Nullable String value, String what) {
    return new IllegalArgumentException(
        value == null
            ? "%s is missing: give %s".formatted(field, what)
            : "%s \"%s\" must be %s".formatted(field, value, what));
  }
}
