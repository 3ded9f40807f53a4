package dev.modelserver.server.model;

import java.io.IOException;

/** The files of a model directory are not those that were sealed; the message says which. */
public final class DigestMismatchException extends IOException {

  public DigestMismatchException(String message) {
    super(message);
  }
}
