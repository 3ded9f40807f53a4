package dev.modelserver.operator.snapshot;

import dev.modelserver.operator.names.Names;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ConfigMap of configuration that pods mount: it tells the attempts of a revision apart. */
final class Configs {
  private Configs() {}

  static Optional<String> mounted(@Nullable PodSpec spec) {
    return Optional.ofNullable(spec).stream()
        .flatMap(s -> s.getVolumes().stream())
        .filter(
            volume -> Names.CONFIG_VOLUME.equals(volume.getName()) && volume.getConfigMap() != null)
        .map(volume -> volume.getConfigMap().getName())
        .findFirst();
  }
}
