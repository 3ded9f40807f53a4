package dev.modelserver.operator.revision;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a revision was rendered to.
 *
 * @param template the pod template
 * @param config data of the immutable ConfigMap that the template mounts
 */
public record Rendered(PodTemplateSpec template, Map<String, String> config) {
  /** With the signature that it must stay compatible with, if there is one. */
  Rendered onto(Optional<Baseline> baseline) {
    Map<String, String> all = new TreeMap<>(config);
    baseline.ifPresent(b -> all.put(Baseline.FILE, b.text()));
    return new Rendered(template, all);
  }
}
