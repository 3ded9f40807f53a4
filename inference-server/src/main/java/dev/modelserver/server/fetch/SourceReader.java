package dev.modelserver.server.fetch;

import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import java.util.Optional;

/** Reads the files of one model from where they lie. */
public interface SourceReader {

  /** Name of the model's file without its folder. */
  String fileName();

  /** Whether the files come over the network. */
  boolean remote();

  /**
   * The digest by which the source names the whole, where it has one that covers every file, as the
   * manifest of an OCI artifact does; called before any file is copied. Empty: the model's digest
   * is made of its files.
   */
  default Optional<Digest> identity() throws PreflightException {
    return Optional.empty();
  }

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

  /** Called after the last file: takes away what was copied and is not part of the model. */
  default void finish(ModelStore store) throws PreflightException {
    // every other source copies what is asked for, and nothing else
  }
}
