package dev.modelserver.local.node;

import java.util.List;
import java.util.Map;

/** What a child process does not inherit: the settings of another cluster or another server. */
public final class ChildEnvironment {
  private static final List<String> PREFIXES =
      List.of("MODELSERVER_", "ORT_", "POD_", "KUBERNETES_", "KUBECONFIG", "QUARKUS_");

  private ChildEnvironment() {}

  /** Removes them from the environment. */
  public static void clean(Map<String, String> environment) {
    environment.keySet().removeIf(name -> PREFIXES.stream().anyMatch(name::startsWith));
  }
}
