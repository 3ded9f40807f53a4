package dev.modelserver.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelserver.server.model.Digest;
import dev.modelserver.server.model.ImageDescription;
import dev.modelserver.server.model.ModelDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file, read and checked once. Fields it does not know are ignored.
 *
 * @param verification the golden requests that preflight asks the model
 */
public record ServerConfig(
    ModelConfig model, ServingConfig serving, List<GoldenRequest> verification) {

  private static final int CONTRACT = 1;
  private static final long MAX_FILE_BYTES = 1 << 20;
  private static final long DEFAULT_MAX_BYTES = 1L << 30;
  private static final int MAX_THREADS = 256;
  private static final int MEASURED = -1;
  private static final Set<String> LOG_LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");

  /**
   * Reads the file; a directory, a missing file, a wrong value or other files than the pod was made
   * for are a {@link ConfigurationException}.
   */
  public static ServerConfig read(ServerEnvironment environment) throws ConfigurationException {
    Path file = environment.configFile();
    try {
      if (!Files.isRegularFile(file)) {
        throw new ConfigurationException(
            "there is no configuration file " + file + "; mount one or set MODELSERVER_CONFIG");
      }
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new ConfigurationException(
            "the configuration file has more than " + MAX_FILE_BYTES + " bytes");
      }
      byte[] json = Files.readAllBytes(file);
      requireDigest(environment.configDigest(), json, file);
      return parse(json);
    } catch (IOException e) {
      throw new ConfigurationException(
          "the configuration file cannot be read: " + e.getClass().getSimpleName());
    }
  }

  /** Refuses a file that is not the one with the digest; without a digest none is refused. */
  static void requireDigest(Optional<String> expected, byte[] json, Path file)
      throws ConfigurationException {
    String found = Digest.of(json).hex();
    if (expected.isPresent() && !found.equals(expected.get())) {
      throw new ConfigurationException(
          "%s has the SHA-256 %s, and this pod was made for %s: somebody replaced its ConfigMap; the operator puts the right one back: delete this pod, and a new one gets it"
              .formatted(file, found, expected.get()));
    }
  }

  static ServerConfig parse(byte[] json) throws ConfigurationException {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new ConfigurationException("the configuration is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new ConfigurationException("the configuration is not JSON");
    }
    ConfigNode top = new ConfigNode("", root);
    long contract = top.integer("contract", CONTRACT, 1, Long.MAX_VALUE);
    if (contract != CONTRACT) {
      throw new ConfigurationException(
          "contract is "
              + contract
              + "; this server knows contract "
              + CONTRACT
              + ": use a newer server image");
    }
    return new ServerConfig(
        model(top.object("model")), serving(top.object("server")), GoldenRequests.read(top));
  }

  private static ModelConfig model(ConfigNode node) throws ConfigurationException {
    ConfigNode described = node.object("description");
    Double accuracy = described.number("accuracy");
    if (accuracy != null && (accuracy < 0 || accuracy > 1)) {
      throw new ConfigurationException(
          "model.description.accuracy is " + accuracy + "; it takes a share from 0 to 1");
    }
    ModelDescription description =
        new ModelDescription(
            described.text("title"),
            described.text("dataset"),
            accuracy,
            described.texts("classes"),
            described.texts("features"),
            image(described.object("image")));
    return new ModelConfig(
        node.required("name"),
        node.text("version"),
        location(node),
        node.text("file"),
        digest(node.text("sha256")),
        node.integer("maxBytes", DEFAULT_MAX_BYTES, 1, Long.MAX_VALUE),
        List.copyOf(node.texts("allowedHosts")),
        SourceConfig.read(node),
        description);
  }

  private static ModelLocation location(ConfigNode model) throws ConfigurationException {
    String uri = model.text("uri");
    ConfigNode map = model.object("configMap");
    ConfigNode claim = model.object("persistentVolumeClaim");
    int named =
        (uri == null ? 0 : 1) + (map.node().isObject() ? 1 : 0) + (claim.node().isObject() ? 1 : 0);
    if (named != 1) {
      throw new ConfigurationException(
          "model names %d sources; it takes exactly one of uri, configMap and persistentVolumeClaim"
              .formatted(named));
    }
    if (uri != null) {
      return new ModelLocation.Uri(model.required("uri"));
    }
    return map.node().isObject()
        ? new ModelLocation.ConfigMapKey(map.required("name"), map.required("key"))
        : new ModelLocation.ClaimFile(claim.required("claimName"), claim.required("path"));
  }

  private static @Nullable ImageDescription image(ConfigNode node) throws ConfigurationException {
    try {
      return node.node().isEmpty() ? null : ImageDescription.of(node.node());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(node.path() + e.getMessage());
    }
  }

  private static @Nullable Digest digest(@Nullable String hex) throws ConfigurationException {
    try {
      return hex == null ? null : new Digest(hex);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "model.sha256 is \""
              + hex
              + "\"; it takes the 64 hexadecimal digits that sha256sum prints");
    }
  }

  private static ServingConfig serving(ConfigNode node) throws ConfigurationException {
    String level = node.text("logLevel");
    String logLevel = level == null ? "INFO" : level.toUpperCase(Locale.ROOT);
    if (!LOG_LEVELS.contains(logLevel)) {
      throw new ConfigurationException(
          "server.logLevel is \"" + level + "\"; it takes TRACE, DEBUG, INFO, WARN or ERROR");
    }
    return new ServingConfig(
        logLevel,
        Duration.ofMillis(node.integer("requestTimeoutMillis", 30_000, 1, 3_600_000)),
        PathPrefix.read(node),
        runtime(node.object("runtime")),
        Duration.ofMillis(node.integer("drainDelayMillis", 5_000, 0, 600_000)),
        batching(node.object("batching")),
        disabled(node.object("endpoints")),
        TlsConfig.read(node.object("tls")),
        AuthenticationConfig.read(node.object("authentication")));
  }

  private static RuntimeConfig runtime(ConfigNode node) throws ConfigurationException {
    int intraOpThreads = (int) node.integer("intraOpThreads", 1, 1, MAX_THREADS);
    int instances = (int) node.integer("instances", 0, 0, MAX_THREADS);
    // what the cgroup's CPU limit or -XX:ActiveProcessorCount leaves
    int processors = Runtime.getRuntime().availableProcessors();
    return new RuntimeConfig(
        instances == 0 ? Math.max(1, processors / intraOpThreads) : instances,
        intraOpThreads,
        enabled(node, "memoryArena"));
  }

  private static boolean enabled(ConfigNode node, String field) throws ConfigurationException {
    String value = node.text(field);
    if (value != null && !value.equals("Enabled") && !value.equals("Disabled")) {
      throw new ConfigurationException(
          "%s%s is \"%s\"; it takes Enabled or Disabled".formatted(node.path(), field, value));
    }
    return !"Disabled".equals(value);
  }

  private static Set<Endpoint> disabled(ConfigNode node) throws ConfigurationException {
    Set<Endpoint> disabled = EnumSet.noneOf(Endpoint.class);
    for (Endpoint endpoint : Endpoint.values()) {
      if (!enabled(node, endpoint.field())) {
        disabled.add(endpoint);
      }
    }
    return disabled;
  }

  private static BatchingConfig batching(ConfigNode node) throws ConfigurationException {
    int maxBatchSize = (int) node.integer("maxBatchSize", MEASURED, 1, 1024);
    return new BatchingConfig(
        maxBatchSize == MEASURED ? null : maxBatchSize,
        Duration.of(node.integer("maxDelayMicroseconds", 0, 0, 1_000_000), ChronoUnit.MICROS),
        (int) node.integer("maxQueueSize", 256, 1, 10_000));
  }
}
