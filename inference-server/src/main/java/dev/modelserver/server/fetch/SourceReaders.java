package dev.modelserver.server.fetch;

import dev.modelserver.server.config.ModelConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.config.SourceConfig;
import dev.modelserver.server.secret.SecretException;
import dev.modelserver.server.secret.StoreSecret;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which reader a source takes. */
public final class SourceReaders {

  /** The key of the ConfigMap that the operator makes for the authorities of all models. */
  private static final String DEFAULT_TRUST_KEY = "ca.crt";

  private SourceReaders() {}

  /**
   * The reader of a model's source.
   *
   * @throws PreflightException when the configuration names no source that can be read
   */
  public static SourceReader of(ModelConfig model, ServerEnvironment environment, Network network)
      throws PreflightException {
    ModelSource source = ModelSource.of(model.location(), environment.sourceDirectory());
    if (source instanceof ModelSource.Local local) {
      return new LocalFiles(local);
    }
    StoreAccess access = access(model, environment, network);
    SourceReader reader =
        switch (source) {
          case ModelSource.Local local -> new LocalFiles(local);
          case ModelSource.Remote remote -> new Download(remote.uri(), access);
          case ModelSource.OciArtifact oci ->
              new OciArtifacts(oci.reference(), Optional.ofNullable(model.file()), access);
          case ModelSource.S3Object object -> S3Objects.of(object, model.source().s3(), access);
          case ModelSource.HubFile file -> HubDownload.of(file, environment.hubEndpoint(), access);
        };
    return new SecretFilter(reader, access.credentials());
  }

  private static StoreAccess access(
      ModelConfig model, ServerEnvironment environment, Network network) throws PreflightException {
    SourceConfig source = model.source();
    StoreCredentials credentials = credentials(source, environment);
    SourceConfig.Proxy proxy = source.proxy();
    return new StoreAccess(
        network,
        new AllowedHosts(model.allowedHosts()),
        credentials,
        trust(model, environment),
        proxy == null ? Optional.empty() : Optional.of(HttpProxy.of(proxy, credentials)));
  }

  private static StoreCredentials credentials(SourceConfig source, ServerEnvironment environment)
      throws PreflightException {
    String name = source.credentialsSecret();
    if (name == null) {
      return StoreCredentials.NONE;
    }
    try {
      return new StoreCredentials(name, StoreSecret.read(environment.credentialsDirectory(), name));
    } catch (SecretException e) {
      throw new PreflightException(Reason.of(e), e.sentence());
    }
  }

  private static Trust trust(ModelConfig model, ServerEnvironment environment)
      throws PreflightException {
    List<X509Certificate> authorities = new ArrayList<>();
    SourceConfig.Trust own = model.source().trust();
    if (own != null) {
      authorities.addAll(
          new TrustFile(environment.trustDirectory(), own.configMap(), own.key()).read());
    }
    TrustFile everyone =
        new TrustFile(
            environment.defaultTrustDirectory(), model.name() + "-trust", DEFAULT_TRUST_KEY);
    if (everyone.exists()) {
      authorities.addAll(everyone.read());
    }
    return Trust.also(authorities);
  }
}
