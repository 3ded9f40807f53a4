package dev.modelserver.server.fetch;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates a store may have.
 *
 * @param manager empty: those of Java's own authorities; else of these and of the given ones
 */
record Trust(Optional<X509TrustManager> manager) {

  /** Java's own authorities, which are the public ones. */
  static final Trust PUBLIC = new Trust(Optional.empty());

  /** Java's own authorities and more. */
  static Trust also(List<X509Certificate> authorities) {
    if (authorities.isEmpty()) {
      return PUBLIC;
    }
    try {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      int count = 0;
      for (X509Certificate each : manager(null).getAcceptedIssuers()) {
        all.setCertificateEntry("public-" + count++, each);
      }
      for (X509Certificate each : authorities) {
        all.setCertificateEntry("private-" + count++, each);
      }
      return new Trust(Optional.of(manager(all)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a key store in memory takes certificates", e);
    }
  }

  /** For clients of TLS; they check the name of the host themselves. */
  SSLContext context() {
    try {
      if (manager.isEmpty()) {
        return SSLContext.getDefault();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {manager.get()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  /** The manager of a store; of Java's own where it is null. */
  private static X509TrustManager manager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new IllegalStateException("every Java has a trust manager for X.509");
  }
}
