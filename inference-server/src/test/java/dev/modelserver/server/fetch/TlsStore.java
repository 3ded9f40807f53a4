package dev.modelserver.server.fetch;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.modelserver.server.secret.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A server of https whose certificate no public authority signed. */
final class TlsStore implements AutoCloseable {

  static final TestCertificate CERTIFICATE = TestCertificate.of("-keyalg EC", "localhost");
  static final Limits LIMITS =
      new Limits(Duration.ofMillis(1500), Duration.ofSeconds(2), Duration.ofSeconds(20));

  /** For failures that are retried: without patience. */
  static final Limits HASTY =
      new Limits(Duration.ofMillis(300), Duration.ofSeconds(2), Duration.ofSeconds(20));

  private static final char[] PASSWORD = "changeit".toCharArray();

  private final HttpsServer server;

  TlsStore(HttpHandler handler) throws IOException, GeneralSecurityException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context()));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", handler);
    server.start();
  }

  URI uri(String path) {
    return URI.create("https://localhost:%d%s".formatted(server.getAddress().getPort(), path));
  }

  /** The one authority that signed it. */
  static Trust trust() {
    return Trust.also(List.of((X509Certificate) CERTIFICATE.certificate()));
  }

  /** Reaches it with the keys of a Secret {@code keys}. */
  static StoreAccess access(Map<String, String> keys, Trust trust, Optional<HttpProxy> proxy) {
    return new StoreAccess(
        new Network(InetAddress::isLoopbackAddress, LIMITS),
        AllowedHosts.ANY,
        secret(keys),
        trust,
        proxy);
  }

  static StoreCredentials secret(Map<String, String> keys) {
    Map<String, byte[]> values = new HashMap<>();
    keys.forEach((key, value) -> values.put(key, value.getBytes(StandardCharsets.UTF_8)));
    return keys.isEmpty() ? StoreCredentials.NONE : new StoreCredentials("keys", values);
  }

  private static SSLContext context() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "test", CERTIFICATE.key(), PASSWORD, new Certificate[] {CERTIFICATE.certificate()});
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
