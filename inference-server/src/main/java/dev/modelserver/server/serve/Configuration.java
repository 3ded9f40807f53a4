package dev.modelserver.server.serve;

import dev.modelserver.server.config.ConfigurationException;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServerEnvironment;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Environment and configuration file as values to inject. */
@Singleton
final class Configuration {

  @Produces
  @Singleton
  ServerEnvironment environment() throws ConfigurationException {
    return ServerEnvironment.current();
  }

  @Produces
  @Singleton
  ServerConfig config(ServerEnvironment environment) throws ConfigurationException {
    return ServerConfig.read(environment);
  }
}
