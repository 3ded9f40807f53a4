package dev.modelserver.server.fetch;

import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;

/**
 * In whose name requests are signed.
 *
 * @param shown for the middle of a sentence
 * @param provider what signs; the metadata service of the node is never asked
 */
record S3Identity(String shown, AwsCredentialsProvider provider, Optional<StsClient> sts)
    implements AutoCloseable {

  /** Keys of the credentials Secret. */
  static final String ID = "AWS_ACCESS_KEY_ID";

  static final String KEY = "AWS_SECRET_ACCESS_KEY";
  static final String TOKEN = "AWS_SESSION_TOKEN";

  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

  /** The agent on the node, or one within the pod. */
  private static final Pattern AGENT =
      Pattern.compile(
          "http://(169\\.254\\.170\\.23|\\[fd00:ec2::23]|127\\.0\\.0\\.1)(:[0-9]{1,5})?/");

  /**
   * The access key of the Secret; else the identity of the pod, as the variables tell that are
   * injected for it; else nobody's.
   *
   * @throws PreflightException when the Secret has no usable access key
   */
  static S3Identity of(StoreAccess access, S3Endpoint endpoint, S3Transport transport)
      throws PreflightException {
    StoreCredentials secret = access.credentials();
    if (List.of(ID, KEY, TOKEN).stream().anyMatch(secret.keys()::containsKey)) {
      return ofSecret(secret);
    }
    if (!secret.keys().isEmpty() && !secret.keys().containsKey(HttpProxy.USER_KEY)) {
      throw missing(secret, "%s and %s".formatted(ID, KEY));
    }
    if (SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE.getStringValue().isPresent()
        && SdkSystemSetting.AWS_ROLE_ARN.getStringValue().isPresent()) {
      return ofWebIdentity(endpoint, transport);
    }
    Optional<String> agent = SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.getStringValue();
    if (agent.isPresent()) {
      requireAgent(agent.get());
      return new S3Identity(
          "the pod's identity (EKS Pod Identity)",
          ContainerCredentialsProvider.create(),
          Optional.empty());
    }
    return new S3Identity(
        "nobody (no credentials were found)",
        AnonymousCredentialsProvider.create(),
        Optional.empty());
  }

  /** The SDK would ask any address, among them the metadata service of the node. */
  private static void requireAgent(String uri) throws PreflightException {
    if (!AGENT.matcher(uri).lookingAt()
        || SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI.getStringValue().isPresent()) {
      throw new PreflightException(
          Reason.InvalidConfiguration,
          "the variables AWS_CONTAINER_CREDENTIALS_FULL_URI and AWS_CONTAINER_CREDENTIALS_RELATIVE_URI do not name the EKS Pod Identity agent alone, the only one that preflight asks; remove them from spec.server.env");
    }
  }

  private static S3Identity ofSecret(StoreCredentials secret) throws PreflightException {
    String id = required(secret, ID);
    String key = required(secret, KEY);
    Optional<String> token =
        secret.keys().containsKey(TOKEN) ? Optional.of(required(secret, TOKEN)) : Optional.empty();
    AwsCredentials credentials =
        token.isPresent()
            ? AwsSessionCredentials.create(id, key, token.get())
            : AwsBasicCredentials.create(id, key);
    return new S3Identity(
        "the access key of Secret " + secret.secretName(),
        StaticCredentialsProvider.create(credentials),
        Optional.empty());
  }

  /** The SDK's own reader of these variables would need one of its own HTTP clients. */
  private static S3Identity ofWebIdentity(S3Endpoint endpoint, S3Transport transport) {
    StsClient sts =
        StsClient.builder()
            .httpClient(transport)
            .region(Region.of(S3Endpoint.environmentRegion().orElse(endpoint.region())))
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .defaultsMode(DefaultsMode.STANDARD)
            .overrideConfiguration(S3Endpoint.quiet())
            .dualstackEnabled(false)
            .fipsEnabled(false)
            .build();
    return new S3Identity(
        "the role of the pod's ServiceAccount (AWS_ROLE_ARN)",
        StsWebIdentityTokenFileCredentialsProvider.builder().stsClient(sts).build(),
        Optional.of(sts));
  }

  private static String required(StoreCredentials secret, String key) throws PreflightException {
    String value =
        secret
            .text(key)
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .orElseThrow(() -> missing(secret, key));
    if (!VISIBLE.matcher(value).matches()) {
      // the client would show the whole value in the message of its exception
      throw new PreflightException(
          Reason.CredentialsInvalid,
          "%s of Secret %s has a blank, a line break or another character that no key has; correct it"
              .formatted(key, secret.secretName()));
    }
    return value;
  }

  private static PreflightException missing(StoreCredentials secret, String keys) {
    return new PreflightException(
        Reason.CredentialsInvalid,
        "Secret %s has no %s, which an s3:// model needs; add it, or remove spec.model.credentials to use the identity of the pod's ServiceAccount"
            .formatted(secret.secretName(), keys));
  }

  /** Whether requests are not signed. */
  boolean anonymous() {
    return provider instanceof AnonymousCredentialsProvider;
  }

  /**
   * Gets credentials that are valid now, so that a failure to get them is told from the store's.
   */
  void renew() throws PreflightException, TransientFailure {
    if (anonymous()) {
      return;
    }
    try {
      var _ = provider.resolveCredentials();
    } catch (AwsServiceException e) {
      String sentence =
          "credentials for %s were refused by AWS STS (%s)"
              .formatted(shown, S3Failures.code(e).orElse(String.valueOf(e.statusCode())));
      if (e.statusCode() >= 500 || e.isThrottlingException()) {
        throw new TransientFailure(Reason.DownloadFailed, sentence + "; try again later");
      }
      throw new PreflightException(
          Reason.DownloadForbidden,
          sentence
              + "; check the role's trust policy: the issuer of the cluster, the namespace and the ServiceAccount");
    } catch (SdkException | UncheckedIOException e) {
      // the latter where the file of the token cannot be read
      S3Failures.throwExplained(e);
      throw new TransientFailure(
          Reason.DownloadFailed,
          "credentials for %s cannot be obtained; check the annotation of the ServiceAccount, the pod identity agent on the node, and network policies"
              .formatted(shown));
    }
  }

  @Override
  public void close() {
    sts.ifPresent(StsClient::close);
  }
}
