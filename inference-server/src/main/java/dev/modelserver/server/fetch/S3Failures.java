package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Why a store did not bring an object. Of its answers the code is quoted, never the text. */
record S3Failures(
    ModelSource.S3Object object, S3Endpoint endpoint, StoreAccess access, S3Identity identity) {

  private static final Pattern CODE = Pattern.compile("[A-Za-z][A-Za-z0-9._]{1,63}");

  /** What refuses the credentials themselves: code, cause and remedy. */
  private static final Map<String, String> IDENTITY =
      Map.of(
          "InvalidAccessKeyId",
          "the store does not know %s; correct AWS_ACCESS_KEY_ID, or spec.model.s3.endpoint",
          "SignatureDoesNotMatch",
          "the secret key does not belong to %s; correct AWS_SECRET_ACCESS_KEY",
          "ExpiredToken",
          "the session token of %s has expired; renew it, or use an identity that is renewed automatically",
          "InvalidToken",
          "the session token of %s is not valid; renew it, or remove AWS_SESSION_TOKEN where the key is permanent",
          "InvalidTokenId",
          "the session token of %s is not valid; renew it, or remove AWS_SESSION_TOKEN where the key is permanent",
          "TokenRefreshRequired",
          "the session token of %s has expired; renew it, or use an identity that is renewed automatically",
          "RequestTimeTooSkewed",
          "the clock of the node differs too much from the store's, so that no signature of %s is valid; set the node's clock");

  /** The store answered with an error: thrown where it may pass, else returned. */
  PreflightException answered(S3Exception e) throws TransientFailure {
    int status = e.statusCode();
    Optional<String> code = code(e);
    if (status == 407) {
      return ProxyFailures.unauthorized(access);
    }
    if (isTransient(status, code)) {
      throw new TransientFailure(
              Reason.DownloadFailed,
              "%s: the store answered %s; try again later".formatted(shown(), answer(status, code)))
          .retryAfter(RetryAfter.of(headers(e)));
    }
    Optional<String> region =
        headers(e)
            .firstValue("x-amz-bucket-region")
            .filter(name -> S3Endpoint.REGION.matcher(name).matches())
            .filter(name -> !name.equals(endpoint.region()));
    if (isRedirect(status, code)) {
      return failure(
          Reason.InvalidConfiguration,
          "%s answered %s: the bucket is in %s, and the request was made for %s; set spec.model.s3.region%s"
              .formatted(
                  endpoint.uri(),
                  answer(status, code),
                  region.map(name -> "region " + name).orElse("another region"),
                  endpoint.region(),
                  region.map(name -> " to " + name).orElse(", or correct the endpoint")));
    }
    if (code.isEmpty()) {
      return notS3("%d without the error document of S3".formatted(status));
    }
    String sentence = IDENTITY.get(code.get());
    if (sentence != null) {
      return failure(
          Reason.DownloadForbidden,
          "the store answered %s: ".formatted(answer(status, code))
              + sentence.formatted(identity.shown()));
    }
    return switch (code.get()) {
      case "NoSuchKey" ->
          failure(
              Reason.ModelNotFound,
              "bucket %s has no object with this key (NoSuchKey); correct spec.model.uri, or upload the model"
                  .formatted(object.bucket()));
      case "NoSuchBucket" ->
          failure(
              Reason.ModelNotFound,
              "there is no bucket %s at %s (NoSuchBucket); correct spec.model.uri, or spec.model.s3"
                  .formatted(object.bucket(), endpoint.uri()));
      case "InvalidObjectState" ->
          failure(
              Reason.DownloadForbidden,
              "the object is archived (InvalidObjectState); restore it, or store the model in a class that can be read at once");
      default -> other(status, code);
    };
  }

  private PreflightException other(int status, Optional<String> code) {
    if (status == 401 || status == 403) {
      return failure(
          Reason.DownloadForbidden,
          "the store answered %s to %s; allow s3:GetObject on it%s. Without s3:ListBucket on the bucket a missing object has the same answer: check the key, too"
              .formatted(
                  answer(status, code),
                  identity.shown(),
                  identity.anonymous()
                      ? ", or give credentials (spec.model.credentials, or a role of the pod's ServiceAccount)"
                      : ""));
    }
    return failure(
        status == 404 ? Reason.ModelNotFound : Reason.DownloadFailed,
        "the store answered %s; correct spec.model.uri, or spec.model.s3"
            .formatted(answer(status, code)));
  }

  /** What answers is something else. */
  PreflightException notS3(String how) {
    return failure(
        Reason.DownloadFailed,
        "%s answered %s: it is not the endpoint of an S3 store (perhaps that of its console, or a proxy is before it); correct spec.model.s3.endpoint"
            .formatted(endpoint.uri(), how));
  }

  /** There was no answer, or not all of it: thrown where it does not pass, else returned. */
  TransientFailure broken(Exception e) throws PreflightException {
    TransientFailure failure;
    try {
      throwExplained(e);
      failure = unexplained(e);
    } catch (TransientFailure explained) {
      failure = explained;
    } catch (PreflightException explained) {
      throw failure(explained.reason(), explained.sentence());
    }
    boolean host =
        failure.reason() == Reason.DownloadTlsFailed
            || failure.sentence().contains("cannot be resolved");
    String hint =
        host && endpoint.named() && !endpoint.pathStyle()
            ? "; a store that has no host for each bucket needs spec.model.s3.addressingStyle Path"
            : "";
    return new TransientFailure(
            failure.reason(), "%s: %s%s".formatted(shown(), failure.sentence(), hint))
        .retryAfter(failure.retryAfter());
  }

  private TransientFailure unexplained(Exception e) throws PreflightException {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return access.proxied(endpoint.uri())
            ? ProxyFailures.failure(access, endpoint.uri(), io)
            : DownloadFailures.failure(endpoint.uri(), io);
      }
    }
    throw failure(
        Reason.InvalidConfiguration,
        "no request can be made from this address and spec.model.s3; correct them");
  }

  /** Throws what our own code said of a request that the SDK then reports as failed. */
  static void throwExplained(Exception e) throws PreflightException, TransientFailure {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case PreflightException explained -> throw explained;
        case TransientFailure explained -> throw explained;
        default -> {}
      }
    }
  }

  /** The code of an answer, where it looks like one. */
  static Optional<String> code(AwsServiceException e) {
    @Nullable AwsErrorDetails details = e.awsErrorDetails();
    return Optional.ofNullable(details)
        .map(AwsErrorDetails::errorCode)
        .filter(code -> CODE.matcher(code).matches());
  }

  private static HttpHeaders headers(S3Exception e) {
    @Nullable AwsErrorDetails details = e.awsErrorDetails();
    return HttpHeaders.of(
        details == null || details.sdkHttpResponse() == null
            ? Map.of()
            : details.sdkHttpResponse().headers(),
        (_, _) -> true);
  }

  private static boolean isTransient(int status, Optional<String> code) {
    return (status >= 500 && status != 501)
        || status == 408
        || status == 429
        || code.filter(name -> name.equals("RequestTimeout") || name.equals("SlowDown"))
            .isPresent();
  }

  private static boolean isRedirect(int status, Optional<String> code) {
    return status / 100 == 3
        || code.filter(
                name ->
                    name.equals("AuthorizationHeaderMalformed")
                        || name.equals("IllegalLocationConstraintException"))
            .isPresent();
  }

  private static String answer(int status, Optional<String> code) {
    return code.map(name -> "%d (%s)".formatted(status, name)).orElse(String.valueOf(status));
  }

  private String shown() {
    return object.shown();
  }

  private PreflightException failure(Reason reason, String sentence) {
    return new PreflightException(reason, "%s: %s".formatted(shown(), sentence));
  }
}
