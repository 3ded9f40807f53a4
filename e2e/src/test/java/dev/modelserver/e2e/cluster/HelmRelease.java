package dev.modelserver.e2e.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A release of the operator's chart, with the images under test. */
record HelmRelease(Settings settings, String name, String namespace) {
  /** Whether helm knows it in its namespace. */
  boolean exists() {
    return helm("list", "--all", "--short", "--filter", "^" + name + "$").contains(name);
  }

  /**
   * Installs it or upgrades it, and waits until the operator is ready.
   *
   * @param values by their path in values.yaml; a Boolean stays one, anything else is a text
   */
  void upgrade(Path chart, Map<String, ?> values) {
    Map<String, Object> all = new LinkedHashMap<>();
    image(all, "operator", settings.operatorImage());
    image(all, "server", settings.serverImage());
    all.putAll(values);
    List<String> arguments =
        new ArrayList<>(
            List.of("upgrade", "--install", name, chart.toString(), "--wait", "--timeout", "3m"));
    all.forEach(
        (key, value) ->
            arguments.addAll(
                List.of(value instanceof Boolean ? "--set" : "--set-string", key + "=" + value)));
    helm(arguments.toArray(String[]::new));
  }

  /** Goes back to what it was before its last upgrade, and waits until the operator is ready. */
  void rollback() {
    helm("rollback", name, "--wait", "--timeout", "3m");
  }

  /** Uninstalls it, and waits until its objects are gone. */
  void uninstall() {
    helm("uninstall", name, "--wait", "--timeout", "3m");
  }

  /** The labels of all its objects. */
  Map<String, String> labels() {
    return Map.of(
        "app.kubernetes.io/name", "modelserver-operator", "app.kubernetes.io/instance", name);
  }

  private String helm(String... arguments) {
    List<String> command = new ArrayList<>(List.of(settings.helm()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--namespace", namespace));
    return Program.run(command);
  }

  private static void image(Map<String, Object> values, String program, String image) {
    int colon = image.lastIndexOf(':');
    if (colon <= image.lastIndexOf('/')) {
      throw new IllegalArgumentException(
          "the image " + image + " has no tag: write REPOSITORY:TAG");
    }
    values.put("image." + program + ".repository", image.substring(0, colon));
    values.put("image." + program + ".tag", image.substring(colon + 1));
  }
}
