package dev.modelserver.server.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS on the data ports.
 *
 * @param secretName what messages call the mounted Secret
 * @param names of which the certificate must have at least one; none: any certificate will do
 */
public record TlsConfig(SecurityMode mode, String secretName, List<String> names) {

  public TlsConfig {
    names = List.copyOf(names);
  }

  static @Nullable TlsConfig read(ConfigNode node) throws ConfigurationException {
    return node.node().isMissingNode()
        ? null
        : new TlsConfig(SecurityMode.read(node), node.required("secretName"), node.texts("names"));
  }
}
