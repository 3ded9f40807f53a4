package dev.modelserver.server.secret;

import dev.modelserver.server.secret.SecretException.Fault;
import dev.modelserver.server.text.ForeignText;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The certificate of the data ports with its key: a Secret of type {@code kubernetes.io/tls}.
 *
 * @param secret what messages call it
 * @param chain the certificate first, then those of its issuers
 */
public record ServerCertificate(String secret, PrivateKey key, List<X509Certificate> chain) {

  private static final int MAX_BYTES = 64 << 10;
  private static final int MAX_CHAIN = 10;

  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";

  private static final Set<String> KEYS =
      Set.of(PrivateKeys.PKCS8, PrivateKeys.PKCS1, PrivateKeys.SEC1);

  public ServerCertificate {
    chain = List.copyOf(chain);
  }

  /** Never with the key. */
  @Override
  public String toString() {
    return "ServerCertificate of " + secret;
  }

  /** Reads a certificate that fits its key; its names and dates are not looked at. */
  public static ServerCertificate read(Path directory, String secret) throws SecretException {
    Map<String, byte[]> files =
        new SecretDirectory(directory, secret, Fault.CERTIFICATE_INVALID)
            .read(MAX_BYTES, CERTIFICATE, KEY);
    List<X509Certificate> chain = chain(secret, file(secret, files, CERTIFICATE));
    PublicKey owner = chain.getFirst().getPublicKey();
    if (!PrivateKeys.usable(owner)) {
      throw invalid(
          "the certificate in %s of Secret %s has a key that TLS clients do not accept (%s); use %s"
              .formatted(CERTIFICATE, secret, owner.getAlgorithm(), PrivateKeys.TYPES));
    }
    return new ServerCertificate(secret, key(secret, file(secret, files, KEY), owner), chain);
  }

  private static byte[] file(String secret, Map<String, byte[]> files, String key)
      throws SecretException {
    byte[] file = files.get(key);
    if (file == null) {
      throw invalid(
          "Secret %s has no key %s; a Secret of type kubernetes.io/tls has %s and %s"
              .formatted(secret, key, CERTIFICATE, KEY));
    }
    return file;
  }

  private static List<X509Certificate> chain(String secret, byte[] file) throws SecretException {
    List<X509Certificate> chain = new ArrayList<>();
    for (Pem block : Pem.blocks(file)) {
      if (!block.type().equals("CERTIFICATE")) {
        continue;
      }
      if (chain.size() == MAX_CHAIN) {
        throw invalid(
            "%s of Secret %s has more than %d certificates; leave only the server's and its issuers'"
                .formatted(CERTIFICATE, secret, MAX_CHAIN));
      }
      try {
        chain.add(
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.der())));
      } catch (CertificateException e) {
        throw invalid(
            "certificate %d in %s of Secret %s cannot be read; store it in PEM as it was issued"
                .formatted(chain.size() + 1, CERTIFICATE, secret));
      }
    }
    if (chain.isEmpty()) {
      throw invalid(
          "%s of Secret %s has no certificate in PEM (-----BEGIN CERTIFICATE-----); store the certificate, then its issuers'"
              .formatted(CERTIFICATE, secret));
    }
    return chain;
  }

  private static PrivateKey key(String secret, byte[] file, PublicKey owner)
      throws SecretException {
    List<Pem> blocks = Pem.blocks(file);
    Pem block = blocks.stream().filter(each -> KEYS.contains(each.type())).findFirst().orElse(null);
    if (block == null) {
      throw invalid(
          blocks.stream().anyMatch(each -> each.type().equals(PrivateKeys.ENCRYPTED))
              ? "%s of Secret %s is encrypted; store the key without a password"
                  .formatted(KEY, secret)
              : "%s of Secret %s has no private key in PEM (-----BEGIN PRIVATE KEY-----); store the key of the certificate"
                  .formatted(KEY, secret));
    }
    try {
      PrivateKey key = PrivateKeys.read(block, owner);
      if (PrivateKeys.belong(key, owner)) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      // a key of another kind than the certificate's belongs to it as little
    }
    throw invalid(
        "%s of Secret %s does not belong to the first certificate in %s; store both of the same issue, the server's certificate first"
            .formatted(KEY, secret, CERTIFICATE));
  }

  public Instant notAfter() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  /** Refuses a certificate that no client accepts: not now, or for none of the names. */
  public void check(Instant now, List<String> names) throws SecretException {
    Instant notBefore = chain.getFirst().getNotBefore().toInstant();
    if (now.isBefore(notBefore)) {
      throw invalid(
          "the certificate of Secret %s is not valid before %s (notBefore), and it is %s; wait, or correct the clock of its issuer"
              .formatted(secret, notBefore, now.truncatedTo(ChronoUnit.SECONDS)));
    }
    if (now.isAfter(notAfter())) {
      throw new SecretException(
          Fault.CERTIFICATE_EXPIRED,
          "the certificate of Secret %s expired at %s (notAfter); renew it"
              .formatted(secret, notAfter()));
    }
    if (!names.isEmpty()) {
      List<String> own = CertificateNames.of(chain.getFirst());
      if (names.stream().noneMatch(name -> CertificateNames.match(own, name))) {
        throw new SecretException(
            Fault.CERTIFICATE_NAME_MISMATCH,
            "the certificate of Secret %s is for %s; clients need one for any of %s: add one of these as a DNS name (subjectAltName)"
                .formatted(
                    secret,
                    own.isEmpty() ? "no DNS name" : ForeignText.shown(String.join(", ", own), 300),
                    ForeignText.shown(String.join(", ", names), 500)));
      }
    }
  }

  private static SecretException invalid(String message) {
    return new SecretException(Fault.CERTIFICATE_INVALID, message);
  }
}
