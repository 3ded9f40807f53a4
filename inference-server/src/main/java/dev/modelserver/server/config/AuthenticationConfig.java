package dev.modelserver.server.config;

import org.jspecify.annotations.Nullable;

/**
 * Tokens by which clients are known.
 *
 * @param secretName what messages call the mounted Secret
 */
public record AuthenticationConfig(SecurityMode mode, String secretName) {

  static @Nullable AuthenticationConfig read(ConfigNode node) throws ConfigurationException {
    return node.node().isMissingNode()
        ? null
        : new AuthenticationConfig(SecurityMode.read(node), node.required("secretName"));
  }
}
