package dev.modelserver.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.modelserver.server.config.SourceConfig;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.verdict.PreflightException;
import dev.modelserver.server.verdict.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3ObjectsTest {

  private static final byte[] MODEL =
      "the bytes of a model".repeat(10_000).getBytes(StandardCharsets.UTF_8);
  private static final long LARGE = 1 << 20;
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  private static final Map<String, String> KEYS =
      Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", SECRET);
  private static final Limits HASTY =
      new Limits(Duration.ofMillis(600), Duration.ofMillis(600), Duration.ofSeconds(20));

  @TempDir Path folder;
  private final S3Stand stand = new S3Stand(MODEL);
  private TlsStore store;

  @BeforeEach
  void start() throws Exception {
    store = new TlsStore(stand);
  }

  @AfterEach
  void stop() {
    stand.close();
    store.close();
  }

  @Test
  void readsAnObjectWithSignedRequests() throws PreflightException {
    assertThat(reader(S3Stand.KEY, KEYS).copyModel(store(LARGE))).isEqualTo(Digest.of(MODEL));
    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);
    assertThat(stand.authorizations)
        .singleElement()
        .asString()
        .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        .contains("/eu-central-1/s3/aws4_request");
    assertThat(String.join("\n", stand.seen)).doesNotContain(SECRET).contains("modelserver-pre");
    assertThat(reader(S3Stand.KEY, KEYS).fileName()).isEqualTo("model one+two%.onnx");
  }

  @Test
  void sendsASessionToken() throws PreflightException {
    Map<String, String> keys =
        Map.of(
            "AWS_ACCESS_KEY_ID", "ASIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", SECRET + "\n",
            "AWS_SESSION_TOKEN", "the-token\n");

    assertThat(reader(S3Stand.KEY, keys).copyModel(store(LARGE))).isEqualTo(Digest.of(MODEL));
    assertThat(stand.seen).contains("X-amz-security-token: [the-token]");
  }

  @Test
  void externalDataLiesInTheSameFolder() throws PreflightException {
    assertThat(reader(S3Stand.KEY, KEYS).copyExternal("./sub/weights.bin", store(LARGE)))
        .isEqualTo(Digest.of(MODEL));
    assertThat(folder.resolve("sub/weights.bin")).hasBinaryContent(MODEL);
    assertThat(failure(() -> reader(S3Stand.KEY, KEYS).copyExternal("no.bin", store(LARGE))))
        .hasMessage(
            "the model needs the external data file \"no.bin\", and s3://bucket/folder/no.bin: bucket bucket has no object with this key (NoSuchKey); correct spec.model.uri, or upload the model; put the file beside the model, or export the model in one file");
    assertThat(
            failure(() -> reader(S3Stand.KEY, KEYS).copyExternal("../no.bin", store(LARGE)))
                .reason())
        .isEqualTo(Reason.ExternalDataOutside);
  }

  @ParameterizedTest
  @CsvSource({
    "missing, ModelNotFound, bucket bucket has no object with this key (NoSuchKey); correct spec.model.uri",
    "error/404/NoSuchBucket, ModelNotFound, there is no bucket bucket at https://localhost:",
    "error/403/AccessDenied, DownloadForbidden, answered 403 (AccessDenied) to the access key of Secret keys; allow s3:GetObject",
    "error/403/AccessDenied, DownloadForbidden, Without s3:ListBucket on the bucket a missing object has the same answer",
    "error/403/InvalidAccessKeyId, DownloadForbidden, does not know the access key of Secret keys; correct AWS_ACCESS_KEY_ID",
    "error/403/SignatureDoesNotMatch, DownloadForbidden, secret key does not belong to the access key of Secret keys",
    "error/400/ExpiredToken, DownloadForbidden, session token of the access key of Secret keys has expired",
    "error/400/InvalidToken, DownloadForbidden, is not valid; renew it",
    "error/403/RequestTimeTooSkewed, DownloadForbidden, the clock of the node differs",
    "error/403/InvalidObjectState, DownloadForbidden, archived",
    "error/400/AuthorizationHeaderMalformed, InvalidConfiguration, the bucket is in another region",
    "moved, InvalidConfiguration, set spec.model.s3.region to eu-west-3",
    "error/418/Odd, DownloadFailed, answered 418 (Odd)",
    "error/403/9x, DownloadFailed, without the error document of S3",
    "error/500/InternalError, DownloadFailed, answered 500 (InternalError); try again later",
    "error/400/RequestTimeout, DownloadFailed, answered 400 (RequestTimeout); try again later",
    "retry-after, DownloadFailed, asks to retry after 3600 s",
    "html, DownloadFailed, answered with a web page: it is not the endpoint of an S3 store",
    "html404, DownloadFailed, answered 404 without the error document of S3",
    "empty403, DownloadFailed, answered 403 without the error document of S3",
    "endless, DownloadFailed, answered 404 without the error document of S3",
    "hang, DownloadTimeout, gave no answer in time",
    "stall, DownloadTimeout, stopped sending after 1 bytes",
    "large, ModelTooLarge, more than 1048576 bytes",
  })
  void tellsWhyNot(String key, Reason reason, String part) {
    PreflightException failure =
        failure(() -> reader(key, KEYS, HASTY, AllowedHosts.ANY).copyModel(store(LARGE)));

    assertThat(failure.sentence()).contains(part);
    assertThat(failure.reason()).as(failure.sentence()).isEqualTo(reason);
    assertThat(failure.sentence())
        .doesNotContain(SECRET, "AKIDEXAMPLE", "Exception", "told to the log");
    if (!key.equals("stall") && !key.equals("large")) {
      assertThat(failure.sentence()).contains("s3://bucket/");
    }
  }

  @Test
  void triesAgainWhatMayPass() throws PreflightException {
    assertThat(reader("slow-down", KEYS).copyModel(store(LARGE))).isEqualTo(Digest.of(MODEL));
    assertThat(stand.requests.get()).isEqualTo(2);
    var _ = failure(() -> reader("error/403/AccessDenied", KEYS).copyModel(store(LARGE)));
    assertThat(stand.requests.get()).as("no other attempt").isEqualTo(3);
  }

  @Test
  void anObjectThatChangesInTheMiddleIsReadAgain() throws PreflightException {
    stand.cuts.add(MODEL.length * 3 / 4);
    stand.next = Optional.of("\"v2\"");

    assertThat(reader(S3Stand.KEY, KEYS).copyModel(store(LARGE))).isEqualTo(Digest.of(MODEL));
    assertThat(stand.changed.get()).as("412").isEqualTo(1);
    assertThat(stand.whole.get()).isEqualTo(2);
    assertThat(stand.resumed.get()).isZero();
  }

  @Test
  void readsAgainWhereTheStoreKnowsNoRanges() throws PreflightException {
    stand.cuts.add(MODEL.length * 3 / 4);
    stand.ranges = false;

    assertThat(reader(S3Stand.KEY, KEYS).copyModel(store(LARGE))).isEqualTo(Digest.of(MODEL));
    assertThat(folder.resolve("model.onnx")).hasBinaryContent(MODEL);
  }

  @Test
  void credentialsAreNeverUsedOverPlainHttp() throws Exception {
    HttpServer plain =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    plain.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    plain.createContext("/", stand);
    plain.start();
    String endpoint = "http://127.0.0.1:%d".formatted(plain.getAddress().getPort());
    try {
      StoreAccess access = TlsStore.access(KEYS, Trust.PUBLIC, Optional.empty());
      PreflightException failure =
          failure(() -> reader(S3Stand.KEY, endpoint, access).copyModel(store(LARGE)));
      assertThat(failure.reason()).isEqualTo(Reason.InvalidConfiguration);
      assertThat(failure.sentence()).contains("is not encrypted");
      assertThat(stand.requests.get()).isZero();

      StoreAccess anonymous = TlsStore.access(Map.of(), Trust.PUBLIC, Optional.empty());
      assertThat(reader(S3Stand.KEY, endpoint, anonymous).copyModel(store(LARGE)))
          .isEqualTo(Digest.of(MODEL));
      assertThat(stand.authorizations).isEmpty();
      assertThat(
              failure(
                      () ->
                          reader("error/403/AccessDenied", endpoint, anonymous)
                              .copyModel(store(LARGE)))
                  .sentence())
          .contains("to nobody (no credentials were found)", "or give credentials");
    } finally {
      plain.stop(0);
    }
  }

  @Test
  void aSecretWithoutBothKeysIsReported() {
    assertThat(failure(() -> reader(S3Stand.KEY, Map.of("username", "a")).copyModel(store(LARGE))))
        .hasMessageContaining(
            "Secret keys has no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which an s3:// model needs")
        .extracting(PreflightException::reason)
        .isEqualTo(Reason.CredentialsInvalid);
    assertThat(
            failure(
                () ->
                    reader(S3Stand.KEY, Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"))
                        .copyModel(store(LARGE))))
        .hasMessageContaining("Secret keys has no AWS_SECRET_ACCESS_KEY");
    assertThat(stand.requests.get()).isZero();
  }

  @Test
  void theEndpointMustBeAnAllowedHost() throws PreflightException {
    assertThat(
            failure(
                () ->
                    reader(S3Stand.KEY, KEYS, HASTY, new AllowedHosts(List.of("*.amazonaws.com")))))
        .hasMessageStartingWith("localhost is not among the hosts")
        .extracting(PreflightException::reason)
        .isEqualTo(Reason.DownloadRefused);
    assertThat(
            reader(S3Stand.KEY, KEYS, HASTY, new AllowedHosts(List.of("localhost")))
                .copyModel(store(LARGE)))
        .isEqualTo(Digest.of(MODEL));
  }

  @Test
  void anEndpointWithoutAnAddressOfItsOwnIsRefused() {
    StoreAccess access =
        StoreAccess.open(new Network(AddressPolicy.publicAndPrivate(), HASTY), AllowedHosts.ANY);
    for (String host : List.of("127.0.0.1", "169.254.169.254", "[fd00:ec2::254]", "localhost")) {
      assertThat(failure(() -> reader("a", "http://" + host, access).copyModel(store(LARGE))))
          .hasMessageContaining("s3://bucket/a: the host %s is a loopback".formatted(host))
          .extracting(PreflightException::reason)
          .isEqualTo(Reason.DownloadRefused);
    }
  }

  @Test
  void connectionsThatFailAreExplained() {
    StoreAccess untrusted =
        new StoreAccess(
            new Network(InetAddress::isLoopbackAddress, HASTY),
            AllowedHosts.ANY,
            TlsStore.secret(KEYS),
            Trust.PUBLIC,
            Optional.empty());
    PreflightException tls =
        failure(() -> reader(S3Stand.KEY, store.uri("").toString(), untrusted).copyModel(store(1)));
    assertThat(tls.reason()).isEqualTo(Reason.DownloadTlsFailed);
    assertThat(tls.sentence()).contains("spec.model.trust.configMap");

    PreflightException refused =
        failure(() -> reader("a", "https://localhost:1", untrusted).copyModel(store(1)));
    assertThat(refused.sentence())
        .startsWith("s3://bucket/a: https://localhost:1 cannot be reached: connection refused");

    PreflightException unknown =
        failure(
            () ->
                S3Objects.of(
                        new ModelSource.S3Object("bucket", "a"),
                        new SourceConfig.S3("https://store.invalid", null, false),
                        untrusted)
                    .copyModel(store(1)));
    assertThat(unknown.sentence())
        .contains("the host bucket.store.invalid cannot be resolved", "addressingStyle Path");
  }

  private ModelStore store(long maxBytes) {
    return new ModelStore(folder, maxBytes);
  }

  private SourceReader reader(String key, Map<String, String> keys) throws PreflightException {
    return reader(key, keys, TlsStore.LIMITS, AllowedHosts.ANY);
  }

  private SourceReader reader(
      String key, Map<String, String> keys, Limits limits, AllowedHosts hosts)
      throws PreflightException {
    return reader(
        key,
        store.uri("").toString(),
        new StoreAccess(
            new Network(InetAddress::isLoopbackAddress, limits),
            hosts,
            TlsStore.secret(keys),
            TlsStore.trust(),
            Optional.empty()));
  }

  private static SourceReader reader(String key, String endpoint, StoreAccess access)
      throws PreflightException {
    return S3Objects.of(
        new ModelSource.S3Object("bucket", key),
        new SourceConfig.S3(endpoint, "eu-central-1", true),
        access);
  }

  private static PreflightException failure(ThrowingCallable c) {
    PreflightException failure = catchThrowableOfType(PreflightException.class, c);
    assertThat(failure).isNotNull();
    return failure;
  }
}
