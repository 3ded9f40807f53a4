package dev.modelserver.e2e.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * A key and the certificate that it signed itself.
 *
 * @param store both, under {@link #PASSWORD}
 */
public record SelfSigned(Key key, X509Certificate certificate, KeyStore store) {
  static final char[] PASSWORD = "changeit".toCharArray();
  private static final String ALIAS = "models";

  /**
   * Makes one that is valid from now for 90 days.
   *
   * @param name for example {@code DNS:iris.prod.svc} or {@code IP:10.0.0.1}
   */
  public static SelfSigned of(String name) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(generated(name))) {
        store.load(in, PASSWORD);
      }
      return new SelfSigned(
          store.getKey(ALIAS, PASSWORD), (X509Certificate) store.getCertificate(ALIAS), store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot read what its keytool writes", e);
    }
  }

  /** The certificate as PEM. */
  public String pem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate as the value of a Secret: PEM, in base64. */
  public String certificateValue() {
    return value(pem());
  }

  /** The key as the value of a Secret: PEM, in base64. */
  public String keyValue() {
    return value(pem("PRIVATE KEY", key.getEncoded()));
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(content), what);
  }

  private static String value(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Path generated(String name) throws IOException {
    Path folder = Files.createTempDirectory("self-signed");
    Path file = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=models",
                "-ext",
                "SAN=" + name,
                "-alias",
                ALIAS,
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException("keytool: " + Files.readString(folder.resolve("log")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
    return file;
  }
}
