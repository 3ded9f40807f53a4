package dev.modelserver.server.config;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How to serve.
 *
 * @param requestTimeout a client waits this long at most
 * @param pathPrefix every path of the HTTP port is answered below it too; null: there is none
 * @param runtime how the model is run
 * @param drainDelay how long to go on answering after SIGTERM, while endpoints are told
 * @param batching how requests are merged
 * @param disabled what is not shown
 * @param tls null: the data ports speak no TLS
 * @param authentication null: nobody needs a token
 */
public record ServingConfig(
    String logLevel,
    Duration requestTimeout,
    @Nullable String pathPrefix,
    RuntimeConfig runtime,
    Duration drainDelay,
    BatchingConfig batching,
    Set<Endpoint> disabled,
    @Nullable TlsConfig tls,
    @Nullable AuthenticationConfig authentication) {

  public ServingConfig {
    disabled = Set.copyOf(disabled);
  }

  /** Whether this is shown; the page of the API needs the document that it draws. */
  public boolean shows(Endpoint endpoint) {
    return !disabled.contains(endpoint)
        && (endpoint != Endpoint.DOCS || !disabled.contains(Endpoint.OPEN_API));
  }
}
