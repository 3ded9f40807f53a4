package dev.modelserver.operator.resolve;

import java.util.List;

/**
 * Names of environment variables that no spec sets: what the operator sets itself, and what would
 * have the linker or the JVM load somebody's code.
 */
public final class ReservedVariables {
  private static final List<String> PREFIXES =
      List.of("MODELSERVER_", "ORT_", "QUARKUS_", "JAVA_", "LD_");
  private static final List<String> NAMES =
      List.of("POD_NAME", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  /** What a sentence says that refuses one. */
  static final String RULE =
      "names must not begin with %s, nor be %s"
          .formatted(String.join(", ", PREFIXES), String.join(", ", NAMES));

  private ReservedVariables() {}

  /** Whether a name is reserved. */
  public static boolean has(String name) {
    return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
  }

  /** Whether some key after a prefix gives a reserved name. */
  public static boolean reachableFrom(String prefix) {
    return PREFIXES.stream().anyMatch(r -> prefix.startsWith(r) || r.startsWith(prefix))
        || NAMES.stream().anyMatch(name -> name.startsWith(prefix));
  }
}
