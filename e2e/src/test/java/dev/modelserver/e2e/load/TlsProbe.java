package dev.modelserver.e2e.load;

import dev.modelserver.e2e.cluster.EdgeSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Calls of `/predict` over HTTPS at a fixed rate, by host name, each on a new connection. */
public final class TlsProbe implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5_000;

  private final EdgeSettings edge;
  private final String host;
  private final String body;
  private final SSLContext tls;
  private final Set<String> digests = new ConcurrentSkipListSet<>();
  private final FixedRate calls;

  private TlsProbe(EdgeSettings edge, String host, String body, int perSecond)
      throws GeneralSecurityException, IOException {
    this.edge = edge;
    this.host = host;
    this.body = body;
    this.tls = trusting(edge);
    this.calls = new FixedRate(this::call, perSecond);
  }

  /** Starts sending once a first call was answered. */
  public static TlsProbe start(EdgeSettings edge, String host, String body, int perSecond)
      throws GeneralSecurityException, IOException {
    TlsProbe probe = new TlsProbe(edge, host, body, perSecond);
    probe.calls.start();
    return probe;
  }

  private static SSLContext trusting(EdgeSettings edge)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(edge.authority())) {
      store.setCertificateEntry(
          "edge", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private String call() {
    try (Socket plain = new Socket()) {
      plain.connect(edge.secure(), TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      try (SSLSocket socket =
          (SSLSocket) tls.getSocketFactory().createSocket(plain, host, edge.https(), true)) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket
            .getOutputStream()
            .write(
                "POST /predict HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(host, body.length(), body)
                    .getBytes(StandardCharsets.UTF_8));
        return answer(
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }

  private String answer(BufferedReader in) throws IOException {
    List<String> lines = in.readAllLines();
    String status = lines.isEmpty() ? "no answer" : lines.getFirst();
    lines.stream()
        .filter(line -> line.regionMatches(true, 0, "x-model-digest:", 0, 15))
        .forEach(line -> digests.add(line.substring(15).strip()));
    return status.contains(" 200") ? "" : status;
  }

  /** Digests of the models that answered. */
  public Set<String> digests() {
    return Set.copyOf(digests);
  }

  /** Why calls failed. */
  public List<String> failures() {
    return calls.failures();
  }

  /** Stops sending; how many calls were sent and failed. */
  public String stop() {
    return calls.stop();
  }

  @Override
  public void close() {
    calls.stop();
  }
}
