package dev.modelserver.server.config;

/** Where the model is: one of the three that a ModelServer's spec can name. */
public sealed interface ModelLocation {

  /**
   * A file of the image, or behind http or https.
   *
   * @param text may hold a signature or a password: no message shows it whole
   */
  record Uri(String text) implements ModelLocation {

    @Override
    public String toString() {
      return "Uri";
    }
  }

  /** A key of the ConfigMap that is mounted as the source. */
  record ConfigMapKey(String name, String key) implements ModelLocation {}

  /** A file of the PersistentVolumeClaim that is mounted as the source. */
  record ClaimFile(String claimName, String path) implements ModelLocation {}
}
