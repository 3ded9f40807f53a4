package dev.modelserver.operator.revision;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The digest of a revision's configuration files in its pod template: its containers accept no
 * others, whatever somebody puts into the ConfigMap. It is the SHA-256 of what {@code sha256sum
 * *.json} prints for them, in the order of bytes.
 */
public final class ConfigDigest {
  private static final String VARIABLE = "MODELSERVER_CONFIG_SHA256";

  private ConfigDigest() {}

  /** The template with the digest of these files. */
  static PodTemplateSpec put(PodTemplateSpec template, Map<String, String> files) {
    return with(template, of(files));
  }

  /**
   * The template with the digest of other files, where it has one; one of an older operator, which
   * has none, stays as it is.
   */
  public static PodTemplateSpec replace(PodTemplateSpec template, Map<String, String> files) {
    boolean has =
        template.getSpec().getContainers().stream()
            .flatMap(container -> container.getEnv().stream())
            .anyMatch(variable -> variable.getName().equals(VARIABLE));
    return has ? with(template, of(files)) : template;
  }

  static String of(Map<String, String> files) {
    StringBuilder lines = new StringBuilder();
    new TreeMap<>(files)
        .forEach((name, text) -> lines.append(sha256(text)).append("  ").append(name).append('\n'));
    return sha256(lines.toString());
  }

  private static PodTemplateSpec with(PodTemplateSpec template, String digest) {
    PodTemplateSpec copy = new PodTemplateSpecBuilder(template).build();
    EnvVar variable = new EnvVarBuilder().withName(VARIABLE).withValue(digest).build();
    for (Container container : containers(copy)) {
      List<EnvVar> env = new ArrayList<>(container.getEnv());
      env.removeIf(known -> known.getName().equals(VARIABLE));
      env.add(variable);
      container.setEnv(env);
    }
    return copy;
  }

  private static List<Container> containers(PodTemplateSpec template) {
    List<Container> all = new ArrayList<>(template.getSpec().getInitContainers());
    all.addAll(template.getSpec().getContainers());
    return all;
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
