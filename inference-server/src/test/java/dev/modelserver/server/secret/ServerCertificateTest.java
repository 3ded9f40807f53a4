package dev.modelserver.server.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.secret.SecretException.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerCertificateTest {

  private static final TestCertificate EC =
      TestCertificate.of("-keyalg EC -groupname secp256r1", "iris.prod.svc", "*.example.com");
  private static final TestCertificate OTHER_EC =
      TestCertificate.of("-keyalg EC -groupname secp256r1", "iris");
  private static final TestCertificate EC_384 =
      TestCertificate.of("-keyalg EC -groupname secp384r1", "iris");
  private static final TestCertificate RSA =
      TestCertificate.of("-keyalg RSA -keysize 2048", "iris");
  private static final TestCertificate ED25519 = TestCertificate.of("-keyalg Ed25519", "iris");

  @TempDir private Path folder;

  private static Stream<TestCertificate> kinds() {
    return Stream.of(EC, EC_384, RSA, ED25519);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyUsualKindOfKeyIsRead(TestCertificate kind) throws Exception {
    kind.write(folder);

    ServerCertificate read = ServerCertificate.read(folder, "iris-tls");

    assertThat(read.key()).isEqualTo(kind.key());
    assertThat(read.chain()).singleElement().isEqualTo(kind.certificate());
    assertThat(read.toString()).doesNotContain("BEGIN").isEqualTo("ServerCertificate of iris-tls");
  }

  @Test
  void theFormsOfKeysBeforePkcs8AreRead() throws Exception {
    for (TestCertificate kind : List.of(EC, EC_384)) {
      String parameters = TestCertificate.pem("EC PARAMETERS", new byte[] {6, 0});
      write(kind.certificatePem(), parameters + kind.oldKeyPem("EC PRIVATE KEY"));
      assertThat(ServerCertificate.read(folder, "s").key().getAlgorithm()).isEqualTo("EC");
    }
    write(RSA.certificatePem(), RSA.oldKeyPem("RSA PRIVATE KEY"));
    assertThat(ServerCertificate.read(folder, "s").key()).isEqualTo(RSA.key());
  }

  @Test
  void aChainIsKeptInItsOrderAndTextAroundItIsSkipped() throws Exception {
    write(
        "subject=CN=iris - of prod\n" + EC.certificatePem() + "issuer\n" + RSA.certificatePem(),
        EC.keyPem());

    assertThat(ServerCertificate.read(folder, "s").chain())
        .map(Object.class::cast)
        .containsExactly(EC.certificate(), RSA.certificate());
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() throws IOException {
    for (TestCertificate other : List.of(OTHER_EC, EC_384, RSA, ED25519)) {
      write(EC.certificatePem(), other.keyPem());
      assertThat(fault().sentence())
          .isEqualTo(
              "tls.key of Secret s does not belong to the first certificate in tls.crt; store both"
                  + " of the same issue, the server's certificate first");
    }
    write(RSA.certificatePem() + EC.certificatePem(), EC.keyPem());
    assertThat(fault().sentence()).as("issuers first").contains("does not belong to the first");
  }

  @Test
  void whatIsMissingOrNotPemIsNamed() throws IOException {
    MountedSecret.of(folder).put("tls.crt", EC.certificatePem()).swap();
    assertThat(fault().sentence())
        .isEqualTo(
            "Secret s has no key tls.key; a Secret of type kubernetes.io/tls has tls.crt and"
                + " tls.key");
    MountedSecret.of(folder).put("ca.crt", "").swap();
    assertThat(fault().sentence()).startsWith("Secret s has no key tls.crt");
    write("nonsense", EC.keyPem());
    assertThat(fault().sentence()).startsWith("tls.crt of Secret s has no certificate in PEM");
    write(TestCertificate.pem("CERTIFICATE", new byte[] {1, 2}), EC.keyPem());
    assertThat(fault().sentence())
        .startsWith("certificate 1 in tls.crt of Secret s cannot be read");
    write(EC.certificatePem(), "nonsense");
    assertThat(fault().sentence()).startsWith("tls.key of Secret s has no private key in PEM");
    write(EC.certificatePem(), TestCertificate.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}));
    assertThat(fault().sentence())
        .isEqualTo("tls.key of Secret s is encrypted; store the key without a password");
    for (String type : List.of("PRIVATE KEY", "EC PRIVATE KEY")) {
      write(EC.certificatePem(), TestCertificate.pem(type, new byte[] {1, 2, 3}));
      assertThat(fault().sentence()).as(type).contains("does not belong");
    }
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    SecretException e = read(folder.resolve("absent"));
    assertThat(e.fault()).isEqualTo(Fault.CERTIFICATE_INVALID);
    assertThat(e.sentence())
        .isEqualTo("Secret s is not mounted at %s/absent; mount it whole".formatted(folder));
  }

  @Test
  void whatIsTooLargeIsRefused() throws IOException {
    write("x".repeat((64 << 10) + 1), EC.keyPem());
    assertThat(fault().sentence())
        .isEqualTo("tls.crt of Secret s has more than 65536 bytes, the limit; correct it");
    write(EC.certificatePem().repeat(11), EC.keyPem());
    assertThat(fault().sentence()).contains("more than 10 certificates");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-keyalg RSA -keysize 1024", "-keyalg DSA -keysize 2048"})
  void aKeyThatClientsDoNotAcceptIsRefused(String keys) throws IOException {
    TestCertificate.of(keys, "iris").write(folder);
    assertThat(fault().sentence()).contains("a key that TLS clients do not accept");
  }

  @Test
  void onlyBetweenItsDatesItIsValid() throws Exception {
    EC.write(folder);
    ServerCertificate read = ServerCertificate.read(folder, "iris-tls");
    Instant end = read.notAfter();

    assertThatCode(() -> read.check(Instant.now().plusSeconds(1), List.of()))
        .doesNotThrowAnyException();
    SecretException expired = check(read, end.plusSeconds(1));
    assertThat(expired.fault()).isEqualTo(Fault.CERTIFICATE_EXPIRED);
    assertThat(expired.sentence())
        .isEqualTo("the certificate of Secret iris-tls expired at %s (notAfter); renew it", end);
    SecretException early = check(read, Instant.now().minus(Duration.ofDays(1)));
    assertThat(early.fault()).isEqualTo(Fault.CERTIFICATE_INVALID);
    assertThat(early.sentence()).contains("is not valid before ", "(notBefore)");
  }

  @ParameterizedTest
  @CsvSource({
    "iris.prod.svc, true",
    "IRIS.prod.SVC, true",
    "a.example.com, true",
    "a.b.example.com, false",
    "example.com, false",
    "iris.prod, false",
    "localhost, false",
  })
  void itIsForItsNamesAndTheFirstLabelOfAWildcard(String name, boolean ok) throws Exception {
    EC.write(folder);
    ServerCertificate read = ServerCertificate.read(folder, "iris-tls");
    if (ok) {
      assertThatCode(() -> read.check(Instant.now().plusSeconds(1), List.of("other", name)))
          .doesNotThrowAnyException();
      return;
    }
    SecretException e =
        catchThrowableOfType(
            SecretException.class,
            () -> read.check(Instant.now().plusSeconds(1), List.of("other", name)));
    assertThat(e.fault()).isEqualTo(Fault.CERTIFICATE_NAME_MISMATCH);
    assertThat(e.sentence())
        .isEqualTo(
            "the certificate of Secret iris-tls is for iris.prod.svc, *.example.com; clients need"
                + " one for any of other, %s: add one of these as a DNS name (subjectAltName)",
            name);
  }

  @Test
  void aCertificateWithoutNamesIsForNone() throws Exception {
    TestCertificate.make("-keyalg EC").write(folder);
    ServerCertificate read = ServerCertificate.read(folder, "s");
    SecretException e =
        catchThrowableOfType(
            SecretException.class,
            () -> read.check(Instant.now().plusSeconds(1), List.of("localhost")));
    assertThat(e.sentence()).startsWith("the certificate of Secret s is for no DNS name; ");
  }

  private static SecretException check(ServerCertificate certificate, Instant now) {
    return catchThrowableOfType(SecretException.class, () -> certificate.check(now, List.of()));
  }

  private void write(String certificate, String key) throws IOException {
    MountedSecret.of(folder).put("tls.crt", certificate).put("tls.key", key).swap();
  }

  private SecretException fault() {
    SecretException e = read(folder);
    assertThat(e.fault()).isEqualTo(Fault.CERTIFICATE_INVALID);
    assertThat(e.sentence().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(500);
    return e;
  }

  private static SecretException read(Path folder) {
    return catchThrowableOfType(SecretException.class, () -> ServerCertificate.read(folder, "s"));
  }
}
