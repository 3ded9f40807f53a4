package dev.modelserver.server.secret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate that signs itself, made by the JDK's keytool. */
public record TestCertificate(PrivateKey key, Certificate certificate) {

  private static final char[] PASSWORD = "changeit".toCharArray();

  /**
   * Makes one.
   *
   * @param keys of which kind, as keytool's arguments say it
   * @param more further arguments
   */
  public static TestCertificate make(String keys, String... more) {
    try {
      Path folder = Files.createTempDirectory("certificate");
      Path file = folder.resolve("keys.p12");
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-dname",
                  "CN=localhost",
                  "-alias",
                  "test",
                  "-storepass",
                  new String(PASSWORD),
                  "-keystore",
                  file.toString()));
      command.addAll(List.of(keys.split(" ")));
      command.addAll(List.of(more));
      Path log = folder.resolve("log");
      Process keytool =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IllegalStateException(Files.readString(log));
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, PASSWORD);
      }
      Files.delete(file);
      Files.delete(log);
      Files.delete(folder);
      return new TestCertificate(
          (PrivateKey) store.getKey("test", PASSWORD), store.getCertificate("test"));
    } catch (IOException | InterruptedException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For DNS names, from now on. */
  public static TestCertificate of(String keys, String... names) {
    return make(keys, "-validity", "30", "-ext", "san=dns:" + String.join(",dns:", names));
  }

  public String certificatePem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public String keyPem() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /** The key as OpenSSL wrote keys for long: what PKCS#8 holds in its last element. */
  String oldKeyPem(String type) {
    byte[] pkcs8 = key.getEncoded();
    for (int at = 0; ; at++) {
      // the octet string that reaches to the end
      if (pkcs8[at] == 4) {
        int bytes = pkcs8[at + 1] < 0 ? pkcs8[at + 1] & 0x7f : 0;
        int content = at + 2 + bytes;
        int length = bytes == 0 ? pkcs8[at + 1] : 0;
        for (int i = at + 2; i < content; i++) {
          length = (length << 8) | (pkcs8[i] & 0xff);
        }
        if (content + length == pkcs8.length) {
          return pem(type, Arrays.copyOfRange(pkcs8, content, pkcs8.length));
        }
      }
    }
  }

  /** Writes the files of a Secret. */
  public void write(Path directory) throws IOException {
    MountedSecret.of(directory).put("tls.crt", certificatePem()).put("tls.key", keyPem()).swap();
  }

  static String pem(String type, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), type);
  }
}
