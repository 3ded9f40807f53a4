package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ModelDirectory;
import dev.modelserver.server.verdict.PreflightException;
import java.net.URI;
import java.util.Optional;

/** Fetches the files of a model over http or https; external data from the folder of its URL. */
record Download(URI uri, StoreAccess access) implements SourceReader {

  @Override
  public String fileName() {
    String path = uri.getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public boolean remote() {
    return true;
  }

  @Override
  public Digest copyModel(ModelStore store) throws PreflightException {
    return copy(uri, store, ModelDirectory.MODEL_FILE);
  }

  @Override
  public Digest copyExternal(String location, ModelStore store) throws PreflightException {
    URI sibling = SiblingUri.of(uri, location);
    String name = ExternalData.relative(location).toString();
    try {
      return copy(sibling, store, name);
    } catch (PreflightException e) {
      throw SiblingUri.failed(name, e);
    }
  }

  private Digest copy(URI file, ModelStore store, String name) throws PreflightException {
    HttpCredentials credentials = HttpCredentials.of(file, access);
    return new HttpFetch(
            access, credentials, (at, status, headers) -> Optional.empty(), file, store, name)
        .copy();
  }
}
