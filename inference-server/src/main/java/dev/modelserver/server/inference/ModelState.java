package dev.modelserver.server.inference;

/** How far the model is. */
public sealed interface ModelState {

  /** Being verified, loaded and warmed up. */
  record Loading() implements ModelState {}

  /** Answering. */
  record Ready(ServedModel model) implements ModelState {}

  /** Could not be loaded; the process is about to end. */
  record Failed(String reason) implements ModelState {}
}
