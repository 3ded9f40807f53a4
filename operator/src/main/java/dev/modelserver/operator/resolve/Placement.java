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
   * Parts of annotation keys by which a pod is confined otherwise, or gets devices: AppArmor,
   * seccomp, CRI-O, containerd, Kata Containers, the Container Device Interface.
   */
  private static final List<String> CONFINEMENT =
      List.of(
          "apparmor.security",
          "seccomp",
          "io.kubernetes.cri",
          "kubernetes.cri-o",
          "crio.io",
          "io.containerd.",
          "io.katacontainers.",
          "cdi.k8s.io/");

  /**
   * Reads the options of a spec; throws IllegalArgumentException naming the field that is not
   * valid.
   *
   * @param labelPrefixes what keys of labels must begin with; empty: anything
   * @param defaults where the options say nothing
   */
  static Placement of(
      @Nullable PodOptions pod, List<String> labelPrefixes, ModelDefaults defaults) {
    PodOptions p =
        pod == null ? new PodOptions(null, null, null, null, null, null, null, null, null) : pod;
    return new Placement(
        or(orEmpty(p.nodeSelector()), defaults.nodeSelector()),
        or(
            Typed.list("spec.pod.tolerations", p.tolerations(), Toleration.class),
            defaults.tolerations()),
        Typed.read("spec.pod.affinity", p.affinity(), Affinity.class),
        Typed.list(
            "spec.pod.topologySpreadConstraints",
            p.topologySpreadConstraints(),
            TopologySpreadConstraint.class),
        Optional.ofNullable(p.priorityClassName()).or(defaults::priorityClassName),
        or(
            p.imagePullSecrets() == null ? List.of() : p.imagePullSecrets(),
            defaults.imagePullSecrets()),
        orEmpty(p.serviceAccountAnnotations()),
        allowed(
            free("spec.pod.labels", orEmpty(p.labels()), "modelserver.dev/", "app.kubernetes.io/"),
            labelPrefixes),
        confined(free("spec.pod.annotations", orEmpty(p.annotations()), "modelserver.dev/")));
  }

  private static <T> List<T> or(List<T> wanted, List<T> otherwise) {
    return wanted.isEmpty() ? otherwise : wanted;
  }

  private static Map<String, String> or(Map<String, String> wanted, Map<String, String> otherwise) {
    return wanted.isEmpty() ? otherwise : wanted;
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  private static Map<String, String> allowed(Map<String, String> labels, List<String> prefixes) {
    for (String key : labels.keySet()) {
      if (!prefixes.isEmpty() && prefixes.stream().noneMatch(key::startsWith)) {
        throw new IllegalArgumentException(
            "spec.pod.labels \"%s\": this operator allows keys that begin with %s"
                .formatted(key, String.join(", ", prefixes)));
      }
    }
    return labels;
  }

  /** Whether an annotation of this key sets how the container runtime confines a pod. */
  public static boolean confines(String key) {
    return CONFINEMENT.stream().anyMatch(key::contains);
  }

  private static Map<String, String> confined(Map<String, String> annotations) {
    for (String key : annotations.keySet()) {
      if (confines(key)) {
        throw new IllegalArgumentException(
            "spec.pod.annotations \"%s\": the key sets how the container runtime confines the pod: remove it"
                .formatted(key));
      }
    }
    return annotations;
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
