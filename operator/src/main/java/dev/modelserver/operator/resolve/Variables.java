package dev.modelserver.operator.resolve;

import static java.util.Objects.requireNonNullElse;

import dev.modelserver.operator.api.v1alpha1.EnvironmentSource;
import dev.modelserver.operator.api.v1alpha1.EnvironmentVariable;
import dev.modelserver.operator.api.v1alpha1.VariableSource;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The user's environment variables, as a container has them. */
final class Variables {
  private Variables() {}

  static List<EnvVar> of(@Nullable List<EnvironmentVariable> wanted) {
    return requireNonNullElse(wanted, List.<EnvironmentVariable>of()).stream()
        .map(Variables::checked)
        .map(variable -> Typed.as(variable, EnvVar.class))
        .toList();
  }

  static List<EnvFromSource> from(@Nullable List<EnvironmentSource> wanted) {
    return requireNonNullElse(wanted, List.<EnvironmentSource>of()).stream()
        .map(Variables::checked)
        .map(source -> Typed.as(source, EnvFromSource.class))
        .toList();
  }

  private static EnvironmentVariable checked(EnvironmentVariable variable) {
    if (ReservedVariables.has(variable.name())) {
      throw new IllegalArgumentException(
          "spec.server.env \"%s\" is reserved: %s"
              .formatted(variable.name(), ReservedVariables.RULE));
    }
    VariableSource from = variable.valueFrom();
    if (set(variable.value(), from) != 1) {
      throw new IllegalArgumentException(
          "spec.server.env \"%s\": set exactly one of value and valueFrom (an empty value is \"\")"
              .formatted(variable.name()));
    }
    if (from != null
        && set(
                from.secretKeyRef(),
                from.configMapKeyRef(),
                from.fieldRef(),
                from.resourceFieldRef())
            != 1) {
      throw new IllegalArgumentException(
          "spec.server.env \"%s\": set exactly one of secretKeyRef, configMapKeyRef, fieldRef and resourceFieldRef in valueFrom"
              .formatted(variable.name()));
    }
    return variable;
  }

  private static EnvironmentSource checked(EnvironmentSource source) {
    String prefix = requireNonNullElse(source.prefix(), "");
    if (ReservedVariables.reachableFrom(prefix)) {
      throw new IllegalArgumentException(
          "spec.server.envFrom prefix \"%s\": a key after it could give a reserved name (%s): choose another, for example MYAPP_"
              .formatted(prefix, ReservedVariables.RULE));
    }
    if (set(source.configMapRef(), source.secretRef()) != 1) {
      throw new IllegalArgumentException(
          "spec.server.envFrom prefix \"%s\": set exactly one of configMapRef and secretRef"
              .formatted(prefix));
    }
    return source;
  }

  private static long set(@Nullable Object... alternatives) {
    return Stream.of(alternatives).filter(Objects::nonNull).count();
  }
}
