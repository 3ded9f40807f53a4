package dev.modelserver.server.fetch;

import dev.modelserver.server.config.ModelConfig;
import dev.modelserver.server.config.ServerEnvironment;
import dev.modelserver.server.verdict.PreflightException;

/** Which reader a source takes. */
public final class SourceReaders {

  private SourceReaders() {}

  /**
   * The reader of a model's source.
   *
   * @throws PreflightException when the configuration names no source that can be read
   */
  public static SourceReader of(ModelConfig model, ServerEnvironment environment, Network network)
      throws PreflightException {
    StoreAccess access =
        new StoreAccess(network, new AllowedHosts(model.allowedHosts()), StoreCredentials.NONE);
    return switch (ModelSource.of(model.location(), environment.sourceDirectory())) {
      case ModelSource.Local local -> new LocalFiles(local);
      case ModelSource.Remote remote -> new Download(remote.uri(), access);
    };
  }
}
