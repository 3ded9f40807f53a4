package dev.modelserver.server.preflight;

/** Why preflight ended as it did: part of the contract with the operator. */
public enum Reason {
  ModelLoaded(false),
  ChecksumMismatch(true),
  InvalidModel(true),
  UnsupportedOpset(true),
  UnsupportedModel(true),
  ModelTooLarge(true),
  ExternalDataOutside(true),
  ModelNotFound(false),
  DownloadForbidden(false),
  DownloadTimeout(false),
  DownloadFailed(false),
  DownloadRefused(false),
  DigestMismatch(false),
  InvalidConfiguration(false);

  private final boolean finalCause;

  Reason(boolean finalCause) {
    this.finalCause = finalCause;
  }

  /** Whether trying again cannot help: the model or its configuration must change. */
  public boolean finalCause() {
    return finalCause;
  }
}
