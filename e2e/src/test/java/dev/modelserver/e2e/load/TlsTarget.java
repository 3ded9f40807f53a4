package dev.modelserver.e2e.load;

import dev.modelserver.e2e.cluster.EdgeSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A server that speaks TLS, called by host name on a new connection each time.
 *
 * @param address where it listens
 * @param host what its certificate must be for
 * @param tls knows the authorities that are trusted
 */
public record TlsTarget(InetSocketAddress address, String host, SSLContext tls) {
  private static final int TIMEOUT_MILLIS = 5_000;

  /** A host behind the Gateway. */
  public static TlsTarget of(EdgeSettings edge, String host) {
    try (InputStream pem = Files.newInputStream(edge.authority())) {
      return trusting(
          edge.secure(),
          host,
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (CertificateException e) {
      throw new IllegalStateException("E2E_EDGE_CA is not a certificate", e);
    }
  }

  /** One that trusts these authorities and no others. */
  public static TlsTarget trusting(
      InetSocketAddress address, String host, X509Certificate... authorities) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (X509Certificate authority : authorities) {
        store.setCertificateEntry(authority.getSerialNumber().toString(), authority);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return new TlsTarget(address, host, context);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no TLS in this JDK", e);
    }
  }

  /**
   * Sends a request of HTTP/1.1, after whose answer the server closes the connection.
   *
   * @param head its first line and headers but Host and Connection, each ended by CRLF
   * @return the lines of the answer
   */
  List<String> send(String head, String body) throws IOException {
    try (SSLSocket socket = connect()) {
      socket
          .getOutputStream()
          .write(
              "%sHost: %s\r\nConnection: close\r\n\r\n%s"
                  .formatted(head, host, body)
                  .getBytes(StandardCharsets.UTF_8));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .readAllLines();
    }
  }

  /**
   * The lines of the answer to a GET.
   *
   * @param headers each ended by CRLF
   */
  public List<String> get(String path, String headers) throws IOException {
    return send("GET %s HTTP/1.1\r\n%s".formatted(path, headers), "");
  }

  /** The certificate that it shows now. */
  public X509Certificate certificate() throws IOException {
    try (SSLSocket socket = connect()) {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private SSLSocket connect() throws IOException {
    Socket plain = new Socket();
    try {
      plain.connect(address, TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      SSLSocket socket =
          (SSLSocket) tls.getSocketFactory().createSocket(plain, host, address.getPort(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }
}
