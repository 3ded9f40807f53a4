package dev.modelserver.server.config;

/** How strictly TLS or a token is asked for. */
public enum SecurityMode {
  /** What comes without it is answered too, and counted. */
  PERMISSIVE,

  /** What comes without it is refused. */
  STRICT;

  static SecurityMode read(ConfigNode node) throws ConfigurationException {
    String mode = node.required("mode");
    return switch (mode) {
      case "Permissive" -> PERMISSIVE;
      case "Strict" -> STRICT;
      default ->
          throw new ConfigurationException(
              "%smode is \"%s\"; it takes Permissive or Strict".formatted(node.path(), mode));
    };
  }

  public boolean strict() {
    return this == STRICT;
  }
}
