package dev.modelserver.operator.desired;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.modelserver.operator.api.v1alpha1.ClaimFile;
import dev.modelserver.operator.api.v1alpha1.ConfigMapKey;
import dev.modelserver.operator.api.v1alpha1.Description;
import dev.modelserver.operator.api.v1alpha1.Endpoints;
import dev.modelserver.operator.api.v1alpha1.Enforcement;
import dev.modelserver.operator.api.v1alpha1.GoldenRequest;
import dev.modelserver.operator.api.v1alpha1.ModelCredentials;
import dev.modelserver.operator.api.v1alpha1.ModelProxy;
import dev.modelserver.operator.api.v1alpha1.S3Store;
import dev.modelserver.operator.api.v1alpha1.ServerRuntime;
import dev.modelserver.operator.resolve.Access;
import dev.modelserver.operator.resolve.ModelSource;
import dev.modelserver.operator.resolve.ModelUri;
import dev.modelserver.operator.resolve.SourceOptions;
import dev.modelserver.operator.resolve.Workload;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The configuration file of the inference server (docs/server-contract.md, contract 1). */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"contract", "model", "server", "verification"})
record ServerConfig(
    int contract, ModelPart model, ServerPart server, @Nullable List<GoldenRequest> verification) {
  /** Key in the ConfigMap and name of the mounted file. */
  static final String FILE = "config.json";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({
    "name",
    "version",
    "uri",
    "configMap",
    "persistentVolumeClaim",
    "file",
    "s3",
    "credentials",
    "trust",
    "proxy",
    "sha256",
    "maxBytes",
    "allowedHosts",
    "description"
  })
  record ModelPart(
      String name,
      @Nullable String version,
      @Nullable String uri,
      @Nullable ConfigMapKey configMap,
      @Nullable ClaimFile persistentVolumeClaim,
      @Nullable String file,
      @Nullable S3Store s3,
      @Nullable ModelCredentials credentials,
      @Nullable TrustPart trust,
      @Nullable ModelProxy proxy,
      @Nullable String sha256,
      long maxBytes,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> allowedHosts,
      @Nullable Description description) {}

  @JsonPropertyOrder({"configMap", "key"})
  record TrustPart(String configMap, String key) {
    static TrustPart of(SourceOptions.Trust trust) {
      return new TrustPart(trust.configMap(), trust.key());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({
    "logLevel",
    "requestTimeoutMillis",
    "pathPrefix",
    "runtime",
    "drainDelayMillis",
    "batching",
    "endpoints",
    "tls",
    "authentication"
  })
  record ServerPart(
      String logLevel,
      long requestTimeoutMillis,
      @Nullable String pathPrefix,
      @Nullable ServerRuntime runtime,
      long drainDelayMillis,
      @Nullable BatchingPart batching,
      @Nullable Endpoints endpoints,
      @Nullable TlsPart tls,
      @Nullable AuthenticationPart authentication) {}

  @JsonPropertyOrder({"mode", "secretName", "names"})
  record TlsPart(Enforcement mode, String secretName, List<String> names) {
    static TlsPart of(Access.Tls tls) {
      return new TlsPart(tls.mode(), tls.secretName(), tls.names());
    }
  }

  @JsonPropertyOrder({"mode", "secretName"})
  record AuthenticationPart(Enforcement mode, String secretName) {
    static AuthenticationPart of(Access.Tokens tokens) {
      return new AuthenticationPart(tokens.mode(), tokens.secretName());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({"maxBatchSize", "maxDelayMicroseconds", "maxQueueSize"})
  record BatchingPart(
      @Nullable Integer maxBatchSize,
      @Nullable Integer maxDelayMicroseconds,
      @Nullable Integer maxQueueSize) {
    static BatchingPart of(Workload.Batching batching) {
      return new BatchingPart(
          batching.maxBatchSize().orElse(null),
          batching.maxDelayMicroseconds().orElse(null),
          batching.maxQueueSize().orElse(null));
    }
  }

  static ServerConfig of(Workload workload) {
    Workload.Model model = workload.model();
    SourceOptions options = model.options();
    return new ServerConfig(
        1,
        new ModelPart(
            model.name(),
            model.version().orElse(null),
            model.source() instanceof ModelSource.Uri(ModelUri uri) ? uri.text() : null,
            model.source() instanceof ModelSource.MapKey(String name, String key)
                ? new ConfigMapKey(name, key)
                : null,
            model.source() instanceof ModelSource.Claim(String claimName, String path)
                ? new ClaimFile(claimName, path)
                : null,
            options.file().orElse(null),
            options.s3().orElse(null),
            options.credentials().map(ModelCredentials::new).orElse(null),
            options.trust().map(TrustPart::of).orElse(null),
            options.proxy().orElse(null),
            model.sha256().orElse(null),
            Quantity.getAmountInBytes(model.maxSize()).longValue(),
            model.allowedHosts(),
            model.description().orElse(null)),
        new ServerPart(
            workload.logLevel().name(),
            workload.requestTimeout().toMillis(),
            workload.pathPrefix().orElse(null),
            workload.runtime().orElse(null),
            workload.drainDelay().toMillis(),
            workload.batching().map(BatchingPart::of).orElse(null),
            workload.endpoints().equals(Endpoints.ALL) ? null : workload.endpoints(),
            workload.access().tls().map(TlsPart::of).orElse(null),
            workload.access().tokens().map(AuthenticationPart::of).orElse(null)),
        workload.verification().isEmpty() ? null : workload.verification());
  }

  /** SHA-256 of the file, in hexadecimal digits. */
  String sha256() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(toJson().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the server's configuration cannot be written", e);
    }
  }
}
