package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import java.util.Optional;

/**
 * A reader whose failures show no credential, even where a store repeats one: in the address of a
 * redirect, for example.
 */
record SecretFilter(SourceReader reader, StoreCredentials credentials) implements SourceReader {

  @Override
  public String fileName() {
    return reader.fileName();
  }

  @Override
  public boolean remote() {
    return reader.remote();
  }

  @Override
  public Optional<Digest> identity() throws PreflightException {
    try {
      return reader.identity();
    } catch (PreflightException e) {
      throw filtered(e);
    }
  }

  @Override
  public Digest copyModel(ModelStore store) throws PreflightException {
    try {
      return reader.copyModel(store);
    } catch (PreflightException e) {
      throw filtered(e);
    }
  }

  @Override
  public Digest copyExternal(String location, ModelStore store) throws PreflightException {
    try {
      return reader.copyExternal(location, store);
    } catch (PreflightException e) {
      throw filtered(e);
    }
  }

  @Override
  public void finish(ModelStore store) throws PreflightException {
    reader.finish(store);
  }

  private PreflightException filtered(PreflightException e) {
    String shown = credentials.without(e.sentence());
    return shown.equals(e.sentence()) ? e : new PreflightException(e.reason(), shown);
  }
}
