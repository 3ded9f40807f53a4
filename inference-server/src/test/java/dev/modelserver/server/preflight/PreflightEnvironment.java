package dev.modelserver.server.preflight;

import dev.modelserver.server.config.ServerEnvironment;
import java.nio.file.Path;
import java.util.Optional;

/** Where a preflight of a test finds and leaves its files: all in one folder, but the model. */
final class PreflightEnvironment {

  private PreflightEnvironment() {}

  /**
   * With config.json, pin, log, and the mounts tls, tokens, credentials, trust and default-trust in
   * one folder.
   *
   * @param source the folder that stands for the mounted ConfigMap or claim
   */
  static ServerEnvironment of(Path folder, Path source) {
    return new ServerEnvironment(
        folder.resolve("config.json"),
        Optional.empty(),
        folder.resolve("pin"),
        source,
        folder.resolve("model"),
        folder.resolve("log"),
        folder.resolve("tls"),
        folder.resolve("tokens"),
        folder.resolve("credentials"),
        folder.resolve("trust"),
        folder.resolve("default-trust"),
        Optional.empty(),
        "pod",
        1,
        2,
        3,
        false,
        false);
  }
}
