package dev.modelserver.operator.desired;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.modelserver.operator.api.v1alpha1.Description;
import dev.modelserver.operator.api.v1alpha1.Endpoints;
import dev.modelserver.operator.api.v1alpha1.GoldenRequest;
import dev.modelserver.operator.api.v1alpha1.ServerRuntime;
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
    "sha256",
    "maxBytes",
    "allowedHosts",
    "description"
  })
  record ModelPart(
      String name,
      @Nullable String version,
      String uri,
      @Nullable String sha256,
      long maxBytes,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> allowedHosts,
      @Nullable Description description) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({
    "logLevel",
    "requestTimeoutMillis",
    "runtime",
    "drainDelayMillis",
    "batching",
    "endpoints"
  })
  record ServerPart(
      String logLevel,
      long requestTimeoutMillis,
      @Nullable ServerRuntime runtime,
      long drainDelayMillis,
      @Nullable BatchingPart batching,
      @Nullable Endpoints endpoints) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({"maxBatchSize", "maxDelayMicros", "maxQueueSize"})
  record BatchingPart(
      @Nullable Integer maxBatchSize,
      @Nullable Long maxDelayMicros,
      @Nullable Integer maxQueueSize) {
    static BatchingPart of(Workload.Batching batching) {
      return new BatchingPart(
          batching.maxBatchSize().orElse(null),
          batching.maxDelay().map(delay -> delay.toNanos() / 1000).orElse(null),
          batching.maxQueueSize().orElse(null));
    }
  }

  static ServerConfig of(Workload workload) {
    Workload.Model model = workload.model();
    return new ServerConfig(
        1,
        new ModelPart(
            model.name(),
            model.version().orElse(null),
            model.uri().text(),
            model.sha256().orElse(null),
            Quantity.getAmountInBytes(model.maxSize()).longValue(),
            model.allowedHosts(),
            model.description().orElse(null)),
        new ServerPart(
            workload.logLevel().name(),
            workload.requestTimeout().toMillis(),
            workload.runtime().orElse(null),
            workload.drainDelay().toMillis(),
            workload.batching().map(BatchingPart::of).orElse(null),
            workload.endpoints().equals(Endpoints.ALL) ? null : workload.endpoints()),
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
