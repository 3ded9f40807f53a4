package dev.modelserver.operator.faults;

import dev.modelserver.operator.Yaml;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * An object as somebody wrote it into a file.
 *
 * @param path of the object at the API server
 */
record Manifest(String path, String yaml) {

  /** Those of a file, with one text in it put in place of another. */
  static List<Manifest> read(Path file, String text, String by) {
    try {
      return of(Files.readString(file).replace(text, by));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those of a text. */
  static List<Manifest> of(String yaml) {
    return Arrays.stream(yaml.split("(?m)^---$"))
        .map(each -> new Manifest(path(each), each))
        .toList();
  }

  private static String path(String yaml) {
    GenericKubernetesResource object = Yaml.read(GenericKubernetesResource.class, yaml);
    String version = object.getApiVersion();
    String root = version.contains("/") ? "/apis/" + version : "/api/" + version;
    String namespace = object.getMetadata().getNamespace();
    return "%s%s/%s/%s"
        .formatted(
            root,
            namespace == null ? "" : "/namespaces/" + namespace,
            plural(object.getKind()),
            object.getMetadata().getName());
  }

  private static String plural(String kind) {
    String lower = kind.toLowerCase(Locale.ROOT);
    return lower.endsWith("y") ? lower.substring(0, lower.length() - 1) + "ies" : lower + "s";
  }
}
