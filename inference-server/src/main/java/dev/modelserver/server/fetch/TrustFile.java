package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mounted file with the certificates of authorities as PEM.
 *
 * @param configMap what it is mounted from, for messages
 */
record TrustFile(Path directory, String configMap, String key) {

  /** As many bytes as a ConfigMap can have. */
  private static final int MAX_BYTES = 1 << 20;

  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final Pattern CERTIFICATE =
      Pattern.compile(BEGIN + "([A-Za-z0-9+/=\\s]*+)-----END CERTIFICATE-----");

  /** Whether it is mounted. */
  boolean exists() {
    return Files.isRegularFile(file());
  }

  /**
   * The certificates; text around them is ignored.
   *
   * @throws PreflightException when there is none, or one cannot be read
   */
  List<X509Certificate> read() throws PreflightException {
    String text = text();
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher block = CERTIFICATE.matcher(text);
    for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
      if (!block.find(at) || block.start() != at) {
        throw malformed(certificates.size());
      }
      try (InputStream pem =
          new ByteArrayInputStream(block.group().getBytes(StandardCharsets.US_ASCII))) {
        certificates.add(
            (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem));
      } catch (CertificateException | IOException e) {
        throw malformed(certificates.size());
      }
    }
    if (certificates.isEmpty()) {
      throw invalid(
          "key %s of ConfigMap %s has no certificate; put the authority's certificate there as PEM (%s)"
              .formatted(key, configMap, BEGIN));
    }
    return certificates;
  }

  private String text() throws PreflightException {
    if (!exists()) {
      throw invalid(
          "ConfigMap %s has no key %s; correct spec.model.trust.configMap, or add the key"
              .formatted(configMap, key));
    }
    try (InputStream in = Files.newInputStream(file())) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw invalid(
            "key %s of ConfigMap %s has more than %d bytes; leave only certificates there"
                .formatted(key, configMap, MAX_BYTES));
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw invalid(
          "key %s of ConfigMap %s cannot be read: %s"
              .formatted(key, configMap, e.getClass().getSimpleName()));
    }
  }

  private Path file() {
    return directory.resolve(key);
  }

  private PreflightException malformed(int before) {
    return invalid(
        "certificate %d in key %s of ConfigMap %s cannot be read; write it again as PEM, whole"
            .formatted(before + 1, key, configMap));
  }

  private static PreflightException invalid(String sentence) {
    return new PreflightException(Reason.InvalidConfiguration, sentence);
  }
}
