package dev.modelserver.server.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.TestModels;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.fetch.AddressPolicy;
import dev.modelserver.server.fetch.Limits;
import dev.modelserver.server.fetch.Network;
import dev.modelserver.server.secret.MountedSecret;
import dev.modelserver.server.secret.TestCertificate;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets are checked before the model, which here is one that loads. */
class SecretsPreflightTest {

  private static final TestCertificate GOOD = TestCertificate.of("-keyalg EC", "iris.prod.svc");

  @TempDir private Path root;

  @BeforeEach
  void good() throws IOException {
    GOOD.write(root.resolve("tls"));
    tokens("web", "0123456789abcdef\n");
  }

  @Test
  void goodSecretsLetTheModelBeLoaded() throws IOException {
    Report report = run();
    assertThat(report.reason()).as(report.message()).isEqualTo(Reason.ModelLoaded);
  }

  @Test
  void aMissingKeyOrAnotherCertificatesIsInvalid() throws IOException {
    MountedSecret.of(root.resolve("tls")).put("tls.crt", GOOD.certificatePem()).swap();
    refused(Reason.CertificateInvalid, "Secret iris-tls has no key tls.key");
    MountedSecret.of(root.resolve("tls"))
        .put("tls.crt", GOOD.certificatePem())
        .put("tls.key", TestCertificate.of("-keyalg EC", "iris").keyPem())
        .swap();
    refused(Reason.CertificateInvalid, "does not belong to the first certificate");
  }

  @Test
  void anExpiredCertificateHasItsEnd() throws IOException {
    TestCertificate expired =
        TestCertificate.make(
            "-keyalg EC -startdate -10d -validity 5", "-ext", "san=dns:iris.prod.svc");
    expired.write(root.resolve("tls"));
    refused(Reason.CertificateExpired, "the certificate of Secret iris-tls expired at 20");
  }

  @Test
  void aCertificateForAnotherNameHasBoth() throws IOException {
    TestCertificate.of("-keyalg EC", "other.prod.svc").write(root.resolve("tls"));
    refused(
        Reason.CertificateNameMismatch,
        "is for other.prod.svc; clients need one for any of iris.prod.svc, iris: ");
  }

  @Test
  void tokensThatAreNoneAreInvalid() throws IOException {
    tokens("web", "");
    refused(Reason.TokensInvalid, "client web of Secret iris-tokens has no token");
    tokens("web", "0123456789 abcdef");
    String message = refused(Reason.TokensInvalid, "line 1 of client web of Secret iris-tokens ");
    assertThat(message).doesNotContain("0123456789");
    MountedSecret.of(root.resolve("tokens")).swap();
    refused(Reason.TokensInvalid, "Secret iris-tokens has no client");
  }

  private void tokens(String client, String value) throws IOException {
    MountedSecret.of(root.resolve("tokens")).put(client, value).swap();
  }

  private String refused(Reason reason, String part) throws IOException {
    Report report = run();
    assertThat(report.reason()).as(report.message()).isEqualTo(reason);
    assertThat(report.message()).contains(part);
    assertThat(reason.finalCause()).isFalse();
    assertThat(root.resolve("model")).doesNotExist();
    return report.message();
  }

  private Report run() throws IOException {
    Files.writeString(
        root.resolve("config.json"),
        "{\"contract\":1,\"model\":{\"name\":\"m\",\"persistentVolumeClaim\":{\"claimName\":\"claim\","
            + "\"path\":\"integer-labels.onnx\"}},\"server\":{\"tls\":{\"mode\":\"Strict\","
            + "\"secretName\":\"iris-tls\",\"names\":[\"iris.prod.svc\",\"iris\"]},"
            + "\"authentication\":{\"mode\":\"Permissive\",\"secretName\":\"iris-tokens\"}}}");
    ServerEnvironment environment = PreflightEnvironment.of(root, TestModels.FOLDER);
    return new Preflight(
            environment,
            new Network(AddressPolicy.publicAndPrivate(), Limits.DEFAULT),
            TrialProcesses.inThisOne(environment))
        .run();
  }
}
