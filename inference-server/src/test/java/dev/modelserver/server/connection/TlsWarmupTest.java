package dev.modelserver.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelserver.server.secret.TestCertificate;
import io.netty.handler.ssl.SslContext;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsWarmupTest {

  @ParameterizedTest
  @ValueSource(strings = {"-keyalg EC", "-keyalg RSA -keysize 2048", "-keyalg Ed25519"})
  void everyHandshakeIsWhole(String keys) throws Exception {
    TestCertificate own = TestCertificate.make(keys);
    X509Certificate certificate = (X509Certificate) own.certificate();
    SslContext context = TlsPort.context(own.key(), List.of(certificate), "h2");

    // Ten and not all: a slow machine may reach the limit of time.
    assertThat(TlsWarmup.run(context, certificate)).isBetween(10, TlsWarmup.HANDSHAKES);
  }

  @ParameterizedTest
  @ValueSource(strings = "-keyalg EC")
  void aCertificateThatNobodyTrustsEndsNothing(String keys) throws Exception {
    TestCertificate own = TestCertificate.make(keys);
    TestCertificate other = TestCertificate.make(keys);
    SslContext context =
        TlsPort.context(own.key(), List.of((X509Certificate) own.certificate()), "h2");

    assertThat(TlsWarmup.run(context, (X509Certificate) other.certificate())).isZero();
  }
}
