package dev.modelserver.local.apiserver;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.mockwebserver.MockWebServer;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An API server on a free port of the loopback interface, without authentication. */
public final class ApiServer implements AutoCloseable {
  // It writes a line per request. Held here: a level is forgotten with the last reference to its
  // logger.
  private static final Logger REQUESTS = Logger.getLogger(MockWebServer.class.getName());

  private final MockWebServer web = new MockWebServer();

  private ApiServer() {}

  /** Starts a server that knows the given custom resources. */
  public static ApiServer start(List<CustomResourceDefinition> definitions) {
    REQUESTS.setLevel(Level.WARNING);
    var server = new ApiServer();
    var dispatcher = new ApiDispatcher();
    server.web.setDispatcher(dispatcher);
    server.web.start();
    try (var client = server.client()) {
      for (var definition : definitions) {
        dispatcher.define(definition);
        // The store separates status from spec only for definitions that were created in it.
        client.apiextensions().v1().customResourceDefinitions().resource(definition).create();
      }
    }
    return server;
  }

  /** The address for clients, for example {@code http://127.0.0.1:40123}. */
  public String url() {
    return "http://127.0.0.1:" + web.getPort();
  }

  /** A new client of this server, in the namespace {@code default}; the caller closes it. */
  public KubernetesClient client() {
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(url())
            .withNamespace("default")
            .withHttp2Disable(true)
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  @Override
  public void close() {
    web.shutdown();
  }
}
