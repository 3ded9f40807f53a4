package dev.modelserver.server.config;

import dev.modelserver.server.model.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The digest of all configuration files: the SHA-256 of what {@code sha256sum *.json} prints for
 * their folder, in the order of bytes. The pod template names the one that a pod was made for.
 */
final class ConfigDigest {

  private ConfigDigest() {}

  /** Refuses files that are not those with the digest; without a digest none are refused. */
  static void require(Optional<String> expected, Path configFile) throws ConfigurationException {
    Path folder = configFile.toAbsolutePath().getParent();
    if (expected.isEmpty() || folder == null) {
      return;
    }
    String found = of(folder);
    if (!found.equals(expected.get())) {
      throw new ConfigurationException(
          "the configuration in %s has the SHA-256 %s, and this pod was made for %s: somebody replaced its ConfigMap; the operator puts the right one back: delete this pod, and a new one gets it"
              .formatted(folder, found, expected.get()));
    }
  }

  static String of(Path folder) throws ConfigurationException {
    TreeMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .filter(file -> file.toString().endsWith(".json"))
          .forEach(file -> files.put(file.getFileName().toString(), file));
      StringBuilder lines = new StringBuilder();
      for (var file : files.entrySet()) {
        String digest = Digest.of(Files.readAllBytes(file.getValue())).hex();
        lines.append(digest).append("  ").append(file.getKey()).append('\n');
      }
      return Digest.of(lines.toString().getBytes(StandardCharsets.UTF_8)).hex();
    } catch (IOException e) {
      throw new ConfigurationException(
          "the configuration in " + folder + " cannot be read: " + e.getClass().getSimpleName());
    }
  }
}
