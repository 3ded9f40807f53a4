package dev.modelserver.operator.revision;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Map;

/**
 * What a revision was rendered to.
 *
 * @param template the pod template
 * @param config data of the immutable ConfigMap that the template mounts
 */
public record Rendered(PodTemplateSpec template, Map<String, String> config) {}
