package dev.modelserver.server.serve;

import dev.modelserver.server.access.Authentication;
import dev.modelserver.server.config.AuthenticationConfig;
import dev.modelserver.server.config.ServerConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.config.TlsConfig;
import dev.modelserver.server.secret.ClientTokens;
import dev.modelserver.server.secret.SecretException;
import dev.modelserver.server.secret.WatchedSecret;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The certificate and the tokens that are mounted, looked at again every few seconds. */
@Singleton
final class MountedSecrets {

  private static final Logger LOG = Logger.getLogger(MountedSecrets.class);

  /** The kubelet takes up to a minute or so; this adds little. */
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Optional<PortCertificate> certificate;
  private final Authentication authentication;
  private final @Nullable WatchedSecret<ClientTokens> tokens;
  private final String tokensSecret;

  /**
   * Reads both; what is not well formed ends the start with its reason. The routes and the gRPC
   * server need this to know who calls, so no port is open yet; were one, it would answer nobody
   * ({@link dev.modelserver.server.connection.TlsPort#announce}).
   */
  MountedSecrets(ServerConfig config, ServerEnvironment environment) throws SecretException {
    TlsConfig tls = config.serving().tls();
    certificate =
        tls == null
            ? Optional.empty()
            : Optional.of(new PortCertificate(tls, environment.tlsDirectory()));
    certificate.ifPresent(
        own -> {
          own.warmUp();
          own.protect(environment);
        });
    AuthenticationConfig asked = config.serving().authentication();
    if (asked == null) {
      tokens = null;
      tokensSecret = "";
      authentication = Authentication.off();
    } else {
      Path directory = environment.tokensDirectory();
      WatchedSecret<ClientTokens> read =
          new WatchedSecret<>(
              directory, () -> ClientTokens.read(directory, asked.secretName()), value -> {});
      tokens = read;
      tokensSecret = asked.secretName();
      authentication = Authentication.by(read::value, asked.mode().strict());
    }
  }

  @Produces
  @Singleton
  Authentication authentication() {
    return authentication;
  }

  void start(@Observes StartupEvent event, MeterRegistry registry) {
    certificate.ifPresent(
        own -> {
          own.register(registry);
          gauge(registry, own.secret(), own.watched());
        });
    WatchedSecret<ClientTokens> known = tokens;
    if (known != null) {
      gauge(registry, tokensSecret, known);
      LOG.infof("tokens of Secret %s: %d clients", tokensSecret, known.value().clients().size());
    }
    if (known != null || certificate.isPresent()) {
      var _ = Thread.ofPlatform().daemon().name("secrets").start(this::watch);
    }
  }

  private static void gauge(MeterRegistry registry, String secret, WatchedSecret<?> watched) {
    Gauge.builder("ml.secret.reload.failed", watched, each -> each.failure().isPresent() ? 1 : 0)
        .description("Whether the mounted Secret is bad, and the last good state is in use")
        .tag("secret", secret)
        .register(registry);
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      certificate.ifPresent(PortCertificate::look);
      lookAtTokens();
    } catch (RuntimeException e) {
      LOG.error("a mounted Secret could not be looked at; the last good state stays in use", e);
    }
  }

  private void lookAtTokens() {
    WatchedSecret<ClientTokens> known = tokens;
    if (known == null) {
      return;
    }
    switch (known.look()) {
      case TAKEN ->
          LOG.infof(
              "tokens of Secret %s taken: %d clients",
              tokensSecret, known.value().clients().size());
      case FAILED ->
          LOG.warnf(
              "tokens of Secret %s not taken, the last good ones stay in use: %s",
              tokensSecret, known.failure().orElse(""));
      case NONE -> {}
    }
  }
}
