package dev.modelserver.server.fetch;

import dev.modelserver.server.config.SourceConfig;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Where a store is.
 *
 * @param uri without the bucket
 * @param pathStyle whether the bucket is in the path, and not in the host's name
 * @param named whether the spec names it; else it is that of AWS
 */
record S3Endpoint(URI uri, String region, boolean pathStyle, boolean named) {

  /** Part of a host's name, and of each signature. */
  static final Pattern REGION = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private static final String DEFAULT_REGION = "us-east-1";

  /**
   * The endpoint of a configuration. The region is the configured one, else that of the variable
   * {@code AWS_REGION}, else us-east-1.
   *
   * @throws PreflightException when the URL or the region cannot be used
   */
  static S3Endpoint of(SourceConfig.@Nullable S3 config) throws PreflightException {
    Optional<SourceConfig.S3> s3 = Optional.ofNullable(config);
    String region =
        s3.map(SourceConfig.S3::region)
            .or(S3Endpoint::environmentRegion)
            .filter(name -> !name.isBlank())
            .orElse(DEFAULT_REGION);
    if (!REGION.matcher(region).matches()) {
      throw invalid(
          "spec.model.s3.region, or the variable AWS_REGION, is not the name of a region");
    }
    boolean pathStyle = s3.map(SourceConfig.S3::pathStyle).orElse(false);
    Optional<String> endpoint = s3.map(SourceConfig.S3::endpoint);
    if (endpoint.isEmpty()) {
      String domain = PartitionMetadata.of(Region.of(region)).dnsSuffix();
      return new S3Endpoint(
          URI.create("https://s3.%s.%s".formatted(region, domain)), region, pathStyle, false);
    }
    return new S3Endpoint(endpoint(endpoint.get()), region, pathStyle, true);
  }

  /** Of the pod; empty where nothing names one. */
  static Optional<String> environmentRegion() {
    try {
      return Optional.of(new SystemSettingsRegionProvider().getRegion().id());
    } catch (SdkClientException | IllegalArgumentException e) {
      // the latter where the variable is empty
      return Optional.empty();
    }
  }

  private static URI endpoint(String text) throws PreflightException {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw invalid("spec.model.s3.endpoint is not a URL");
    }
    boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
    String path = String.valueOf(uri.getRawPath());
    if (!web
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || !(path.isEmpty() || path.equals("/"))) {
      throw invalid(
          "spec.model.s3.endpoint is not of the form https://HOST or https://HOST:PORT, without a path, a user or a password");
    }
    return URI.create("%s://%s".formatted(uri.getScheme(), uri.getRawAuthority()));
  }

  /** Whether requests to it are not encrypted. */
  boolean plain() {
    return "http".equals(uri.getScheme());
  }

  /**
   * A client that does nothing of itself: it retries nothing, follows no redirect, asks no metadata
   * service and reads no profile.
   */
  S3Client client(SdkHttpClient transport, AwsCredentialsProvider credentials) {
    return S3Client.builder()
        .httpClient(transport)
        .region(Region.of(region))
        .endpointOverride(uri)
        .forcePathStyle(pathStyle)
        .credentialsProvider(credentials)
        .defaultsMode(DefaultsMode.STANDARD)
        .overrideConfiguration(quiet())
        // other stores do not know the newer checksums of AWS; the model has its own digest
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .crossRegionAccessEnabled(false)
        .disableS3ExpressSessionAuth(true)
        .accelerate(false)
        .dualstackEnabled(false)
        .fipsEnabled(false)
        .build();
  }

  /** What all clients of the SDK have here. */
  static ClientOverrideConfiguration quiet() {
    return ClientOverrideConfiguration.builder()
        .retryStrategy(AwsRetryStrategy.doNotRetry())
        .defaultProfileFile(ProfileFile.aggregator().build())
        .build();
  }

  private static PreflightException invalid(String problem) {
    return new PreflightException(Reason.InvalidConfiguration, problem + "; correct it");
  }
}
