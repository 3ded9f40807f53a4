package dev.modelserver.operator.resolve;

import dev.modelserver.operator.api.v1alpha1.PodOptions;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Placement and metadata of the pods, with nothing optional left that has a neutral value. */
public record Placement(
    Map<String, String> nodeSelector,
    List<Toleration> tolerations,
    Optional<Affinity> affinity,
    List<TopologySpreadConstraint> topologySpreadConstraints,
    Optional<String> priorityClassName,
    List<String> imagePullSecrets,
    Map<String, String> serviceAccountAnnotations,
    Map<String, String> labels,
    Map<String, String> annotations) {

  /**
   * Reads the options of a spec; throws IllegalArgumentException naming the field that is not
   * valid.
   */
  static Placement of(@Nullable PodOptions pod) {
    PodOptions p =
        pod == null ? new PodOptions(null, null, null, null, null, null, null, null, null) : pod;
    return new Placement(
        orEmpty(p.nodeSelector()),
        Typed.list("spec.pod.tolerations", p.tolerations(), Toleration.class),
        Typed.read("spec.pod.affinity", p.affinity(), Affinity.class),
        Typed.list(
            "spec.pod.topologySpreadConstraints",
            p.topologySpreadConstraints(),
            TopologySpreadConstraint.class),
        Optional.ofNullable(p.priorityClassName()),
        p.imagePullSecrets() == null ? List.of() : p.imagePullSecrets(),
        orEmpty(p.serviceAccountAnnotations()),
        free("spec.pod.labels", orEmpty(p.labels()), "modelserver.dev/", "app.kubernetes.io/"),
        free("spec.pod.annotations", orEmpty(p.annotations()), "modelserver.dev/"));
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  private static Map<String, String> free(
      String field, Map<String, String> map, String... reserved) {
    for (String key : map.keySet()) {
      for (String prefix : reserved) {
        if (key.startsWith(prefix)) {
          throw new IllegalArgumentException(
              "%s \"%s\": keys under %s are reserved".formatted(field, key, prefix));
        }
      }
    }
    return map;
  }
}
