package dev.modelserver.e2e;

import dev.modelserver.e2e.cluster.TestNamespace;
import dev.modelserver.e2e.model.SelfSigned;
import io.fabric8.kubernetes.api.model.SecretBuilder;

/** The Secrets of a ModelServer with TLS and tokens, made or changed. */
record AccessSecrets(TestNamespace namespace) {
  static final String CERTIFICATE = "iris-tls";
  static final String TOKENS = "iris-tokens";

  /** Puts a key and its certificate into the one Secret. */
  void put(SelfSigned pair) {
    apply(
        secret(CERTIFICATE)
            .withType("kubernetes.io/tls")
            .addToData("tls.crt", pair.certificateValue())
            .addToData("tls.key", pair.keyValue()));
  }

  /** Puts the tokens of the client web, one a line, into the other. */
  void putTokens(String lines) {
    apply(secret(TOKENS).withType("Opaque").addToStringData("web", lines + "\n"));
  }

  private SecretBuilder secret(String name) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace.name())
        .endMetadata();
  }

  private void apply(SecretBuilder secret) {
    namespace.cluster().client().resource(secret.build()).serverSideApply();
  }
}
