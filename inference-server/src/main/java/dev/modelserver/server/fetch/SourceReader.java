package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;

/** Reads the files of one model from where they lie. */
public interface SourceReader {

  /** Name of the model's file without its folder. */
  String fileName();

  /** Whether the files come over the network. */
  boolean remote();

  /**
   * Copies the model's file to its place in the store.
   *
   * @return the SHA-256 of the file
   */
  Digest copyModel(ModelStore store) throws PreflightException;

  /**
   * Copies a file of external data to the same place beside the copy of the model.
   *
   * @param location as the model names it; what leaves the model's folder is refused
   * @return the SHA-256 of the file
   */
  Digest copyExternal(String location, ModelStore store) throws PreflightException;
}
