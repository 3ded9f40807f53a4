package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustFileTest {

  private static final String PEM = TlsStore.CERTIFICATE.certificatePem();

  @TempDir Path folder;

  @Test
  void readsEveryCertificateAndIgnoresTextAround() throws Exception {
    TrustFile file = file("# company\n" + PEM + "\n# another\n" + PEM.replace("\n", "\r\n"));

    assertThat(file.read())
        .hasSize(2)
        .allMatch(certificate -> certificate.equals(TlsStore.CERTIFICATE.certificate()));
  }

  @Test
  void theyAreAddedToJavasOwn() throws Exception {
    X509TrustManager manager = Trust.also(file(PEM).read()).manager().orElseThrow();

    assertThat(manager.getAcceptedIssuers())
        .hasSizeGreaterThan(50)
        .anyMatch(issuer -> issuer.equals(TlsStore.CERTIFICATE.certificate()));
    assertThat(Trust.PUBLIC.manager()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', key ca.crt of ConfigMap company has no certificate",
    "hello, key ca.crt of ConfigMap company has no certificate",
    "'-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', certificate 1 in key ca.crt",
    "'-----BEGIN CERTIFICATE-----\nAA', certificate 1 in key ca.crt of ConfigMap company cannot be",
    "'-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----', certificate 1 in key ca.crt",
  })
  void namesConfigMapAndKey(String text, String problem) throws IOException {
    assertThat(refused(file(text))).startsWith(problem);
  }

  @Test
  void aSecondCertificateThatIsBrokenIsNotLeftOut() throws IOException {
    String broken = PEM.substring(0, PEM.length() / 2);

    assertThat(refused(file(PEM + broken))).startsWith("certificate 2 in key ca.crt of ConfigMap");
    assertThat(refused(file(broken + "\n" + PEM))).startsWith("certificate 1 in key ca.crt of");
  }

  @Test
  void aMissingKeyIsNamed() {
    assertThat(refused(new TrustFile(folder, "company", "other.crt")))
        .isEqualTo(
            "ConfigMap company has no key other.crt; correct spec.model.trust.configMap, or add the key");
  }

  private static String refused(TrustFile file) {
    PreflightException failure = catchThrowableOfType(PreflightException.class, file::read);
    assertThat(failure.reason()).isEqualTo(Reason.InvalidConfiguration);
    return failure.sentence();
  }

  private TrustFile file(String text) throws IOException {
    Files.writeString(folder.resolve("ca.crt"), text);
    return new TrustFile(folder, "company", "ca.crt");
  }
}
