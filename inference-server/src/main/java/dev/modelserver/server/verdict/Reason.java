package dev.modelserver.server.verdict;

import dev.modelserver.server.model.ModelLoadException;
import dev.modelserver.server.secret.SecretException;

/** Why preflight ended as it did: part of the contract with the operator. */
public enum Reason {
  /** Not an end: the model is being loaded. What a killed preflight leaves behind. */
  Loading(false),
  /** Not an end either: what a preflight leaves behind that had to end while it downloaded. */
  Downloading(false),
  ModelLoaded(false),
  ChecksumMismatch(true),
  InvalidModel(true),
  UnsupportedOpset(true),
  UnsupportedOperator(true),
  UnsupportedModel(true),
  ModelTooLarge(true),
  ExternalDataOutside(true),
  BreakingSignature(true),
  VerificationFailed(true),
  ModelNotFound(false),
  DownloadForbidden(false),
  DownloadTimeout(false),
  DownloadTlsFailed(false),
  DownloadFailed(false),
  DownloadRefused(false),
  DigestMismatch(false),
  CertificateInvalid(false),
  CertificateExpired(false),
  CertificateNameMismatch(false),
  TokensInvalid(false),
  CredentialsInvalid(false),
  PreflightStalled(false),
  InvalidConfiguration(false),
  InternalError(false);

  private final boolean finalCause;

  Reason(boolean finalCause) {
    this.finalCause = finalCause;
  }

  /** The reason for a model that does not load. */
  public static Reason of(ModelLoadException e) {
    return switch (e.kind()) {
      case INVALID -> InvalidModel;
      case UNSUPPORTED_OPSET -> UnsupportedOpset;
      case UNSUPPORTED_OPERATOR -> UnsupportedOperator;
      case UNSUPPORTED_TYPE -> UnsupportedModel;
    };
  }

  /**
   * The reason for a Secret that cannot be used. None is final: a Secret is corrected without a new
   * revision, and the next try notices it.
   */
  public static Reason of(SecretException e) {
    return switch (e.fault()) {
      case CERTIFICATE_INVALID -> CertificateInvalid;
      case CERTIFICATE_EXPIRED -> CertificateExpired;
      case CERTIFICATE_NAME_MISMATCH -> CertificateNameMismatch;
      case TOKENS_INVALID -> TokensInvalid;
      case CREDENTIALS_INVALID -> CredentialsInvalid;
    };
  }

  /** Whether trying again cannot help: the model or its configuration must change. */
  public boolean finalCause() {
    return finalCause;
  }
}
