package dev.modelserver.server.fetch;

import dev.modelserver.server.config.SourceConfig;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.verdict.PreflightException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a model, and external data from the same folder, out of a bucket. */
record S3Objects(ModelSource.S3Object object, S3Endpoint endpoint, StoreAccess access)
    implements SourceReader {

  /**
   * The reader of an object.
   *
   * @param config where the store is; null: AWS
   * @throws PreflightException when the endpoint cannot be used, or is not an allowed host
   */
  static S3Objects of(
      ModelSource.S3Object object, SourceConfig.@Nullable S3 config, StoreAccess access)
      throws PreflightException {
    S3Endpoint endpoint = S3Endpoint.of(config);
    Redirects.requireAllowed(endpoint.uri(), endpoint.uri(), access.hosts());
    return new S3Objects(object, endpoint, access);
  }

  @Override
  public String fileName() {
    return object.key().substring(object.key().lastIndexOf('/') + 1);
  }

  @Override
  public boolean remote() {
    return true;
  }

  @Override
  public Digest copyModel(ModelStore store) throws PreflightException {
    return new S3Fetch(object, endpoint, access, store, ModelDirectory.MODEL_FILE).copy();
  }

  @Override
  public Digest copyExternal(String location, ModelStore store) throws PreflightException {
    Path relative = ExternalData.relative(location);
    String key = object.key().substring(0, object.key().lastIndexOf('/') + 1) + relative;
    try {
      return new S3Fetch(
              new ModelSource.S3Object(object.bucket(), key),
              endpoint,
              access,
              store,
              relative.toString())
          .copy();
    } catch (PreflightException e) {
      throw SiblingUri.failed(relative.toString(), e);
    }
  }
}
