package dev.modelserver.server.serve;

import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.config.TlsConfig;
import dev.modelserver.server.connection.TlsPort;
import dev.modelserver.server.connection.TlsWarmup;
import dev.modelserver.server.secret.SecretException;
import dev.modelserver.server.secret.ServerCertificate;
import dev.modelserver.server.secret.WatchedSecret;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/** The certificate of both data ports: each new connection has the one that is in use then. */
final class PortCertificate {

  private static final Logger LOG = Logger.getLogger(PortCertificate.class);

  private final TlsConfig config;
  private final WatchedSecret<ServerCertificate> watched;
  private final TlsPort http;
  private final TlsPort grpc;
  private volatile Contexts contexts;

  PortCertificate(TlsConfig config, Path directory) throws SecretException {
    this.config = config;
    watched =
        new WatchedSecret<>(
            directory,
            () -> ServerCertificate.read(directory, config.secretName()),
            certificate -> certificate.check(Instant.now(), config.names()));
    contexts = Contexts.of(watched.value());
    http = new TlsPort(config.mode().strict(), () -> contexts.http);
    grpc = new TlsPort(config.mode().strict(), () -> contexts.grpc);
  }

  /** What is negotiated with clients of each port. */
  private record Contexts(SslContext http, SslContext grpc) {

    static Contexts of(ServerCertificate certificate) {
      try {
        return new Contexts(
            TlsPort.context(certificate.key(), certificate.chain(), "h2", "http/1.1"),
            TlsPort.context(certificate.key(), certificate.chain(), "h2"));
      } catch (SSLException e) {
        throw new IllegalStateException("a certificate that fits its key is not accepted", e);
      }
    }
  }

  String secret() {
    return config.secretName();
  }

  WatchedSecret<ServerCertificate> watched() {
    return watched;
  }

  /** Before the ports open, so that whoever comes first need not wait for cold code. */
  void warmUp() {
    long start = System.nanoTime();
    int handshakes = TlsWarmup.run(contexts.http, watched.value().chain().getLast());
    LOG.infof(
        "TLS is warm: %d handshakes in %d ms", handshakes, (System.nanoTime() - start) / 1_000_000);
  }

  void protect(ServerEnvironment environment) {
    http.protect(environment.httpPort());
    grpc.protect(environment.grpcPort());
  }

  void register(MeterRegistry registry) {
    Gauge.builder(
            "ml.tls.certificate.not.after.seconds",
            watched,
            each -> each.value().notAfter().getEpochSecond())
        .description("When the certificate in use expires, in seconds since 1970")
        .tag("secret", config.secretName())
        .register(registry);
    plain(registry, "http", http);
    plain(registry, "grpc", grpc);
    LOG.infof("certificate of Secret %s: valid until %s", secret(), watched.value().notAfter());
    watched
        .failure()
        .ifPresent(
            why -> LOG.warnf("certificate of Secret %s used all the same: %s", secret(), why));
  }

  private static void plain(MeterRegistry registry, String port, TlsPort tls) {
    FunctionCounter.builder("ml.plain.connections", tls.plainConnections(), LongAdder::sum)
        .description("Connections without TLS that were answered")
        .tag("port", port)
        .register(registry);
  }

  void look() {
    switch (watched.look()) {
      case TAKEN -> {
        contexts = Contexts.of(watched.value());
        LOG.infof(
            "certificate of Secret %s taken for new connections: valid until %s",
            secret(), watched.value().notAfter());
      }
      case FAILED ->
          LOG.warnf(
              "certificate of Secret %s not taken, the last good one stays in use: %s",
              secret(), watched.failure().orElse(""));
      case NONE -> {}
    }
  }
}
