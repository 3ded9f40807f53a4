package dev.modelserver.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where things are: files, ports, the pod's name.
 *
 * @param configDigest SHA-256 that the configuration file must have; empty: any
 * @param tlsDirectory mount of the Secret with the certificate of the data ports
 * @param tokensDirectory mount of the Secret with the tokens of clients
 * @param credentialsDirectory mount of the Secret with the credentials of the model's store
 * @param trustDirectory mount of the model's ConfigMap with authorities
 * @param defaultTrustDirectory mount of the ConfigMap with the authorities of all models; need not
 *     exist
 * @param hubEndpoint URL of the hub that {@code hf://} means; empty: the public one
 * @param httpPort port of the data plane
 * @param grpcPort its port for gRPC
 * @param managementPort port of the kubelet's probes
 * @param jsonLog whether a line of the log is a JSON object, and not text
 * @param tracing whether traces of requests are sent: a variable of OpenTelemetry says where to, or
 *     names an exporter
 */
public record ServerEnvironment(
    Path configFile,
    Optional<String> configDigest,
    Path pinFile,
    Path sourceDirectory,
    Path modelDirectory,
    Path terminationLog,
    Path tlsDirectory,
    Path tokensDirectory,
    Path credentialsDirectory,
    Path trustDirectory,
    Path defaultTrustDirectory,
    Optional<String> hubEndpoint,
    String podName,
    int httpPort,
    int grpcPort,
    int managementPort,
    boolean jsonLog,
    boolean tracing) {

  /** Variables that would let the model file configure the runtime that loads it. */
  private static final String CONFIG_FROM_MODEL = "ORT_LOAD_CONFIG_FROM_MODEL";

  /** Reads the process environment. */
  public static ServerEnvironment current() throws ConfigurationException {
    return of(System.getenv());
  }

  static ServerEnvironment of(Map<String, String> variables) throws ConfigurationException {
    if (variables.containsKey(CONFIG_FROM_MODEL)) {
      throw new ConfigurationException(
          "the variable "
              + CONFIG_FROM_MODEL
              + " is set; a model file may not configure its server: remove the variable");
    }
    return new ServerEnvironment(
        path(variables, "MODELSERVER_CONFIG", "/etc/modelserver/config.json"),
        Optional.ofNullable(variables.get("MODELSERVER_CONFIG_SHA256")),
        path(variables, "MODELSERVER_PIN", "/etc/modelserver-pin/sha256"),
        path(variables, "MODELSERVER_SOURCE_DIR", "/var/lib/modelserver/source"),
        path(variables, "MODELSERVER_MODEL_DIR", "/var/lib/modelserver/model"),
        path(variables, "MODELSERVER_TERMINATION_LOG", "/dev/termination-log"),
        path(variables, "MODELSERVER_TLS_DIR", "/etc/modelserver-tls"),
        path(variables, "MODELSERVER_TOKENS_DIR", "/etc/modelserver-tokens"),
        path(variables, "MODELSERVER_CREDENTIALS_DIR", "/etc/modelserver-credentials"),
        path(variables, "MODELSERVER_TRUST_DIR", "/etc/modelserver-trust"),
        path(variables, "MODELSERVER_DEFAULT_TRUST_DIR", "/etc/modelserver-default-trust"),
        Optional.ofNullable(variables.get("HF_ENDPOINT")).filter(url -> !url.isBlank()),
        podName(variables),
        port(variables, "MODELSERVER_HTTP_PORT", 8080),
        port(variables, "MODELSERVER_GRPC_PORT", 9000),
        port(variables, "MODELSERVER_MANAGEMENT_PORT", 8081),
        jsonLog(variables.getOrDefault("MODELSERVER_LOG_FORMAT", "text")),
        tracing(variables));
  }

  /**
   * Where the fatal end of a process is reported, also when nothing else of the environment can be
   * read.
   */
  public static Path currentTerminationLog() {
    return path(System.getenv(), "MODELSERVER_TERMINATION_LOG", "/dev/termination-log");
  }

  /**
   * A directory of the pod's own, which outlives a crash of its process; empty where none is named:
   * then crashes are not recorded.
   */
  public static Optional<Path> currentStateDirectory() {
    return Optional.ofNullable(System.getenv("MODELSERVER_STATE_DIR"))
        .filter(path -> !path.isBlank())
        .map(Path::of);
  }

  private static boolean jsonLog(String format) throws ConfigurationException {
    return switch (format) {
      case "json" -> true;
      case "text" -> false;
      default ->
          throw new ConfigurationException(
              "the variable MODELSERVER_LOG_FORMAT is \"" + format + "\"; it takes json or text");
    };
  }

  private static boolean tracing(Map<String, String> variables) {
    String exporter = variables.getOrDefault("OTEL_TRACES_EXPORTER", "");
    boolean asked =
        exporter.isBlank()
            ? !variables.getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", "").isBlank()
                || !variables.getOrDefault("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "").isBlank()
            : !exporter.equals("none");
    return asked && !variables.getOrDefault("OTEL_SDK_DISABLED", "").equalsIgnoreCase("true");
  }

  private static Path path(Map<String, String> variables, String name, String fallback) {
    return Path.of(variables.getOrDefault(name, fallback));
  }

  private static String podName(Map<String, String> variables) {
    String name = variables.getOrDefault("POD_NAME", variables.getOrDefault("HOSTNAME", ""));
    if (!name.isBlank()) {
      return name;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static int port(Map<String, String> variables, String name, int fallback)
      throws ConfigurationException {
    String text = variables.get(name);
    if (text == null) {
      return fallback;
    }
    try {
      int port = Integer.parseInt(text.strip());
      if (port >= 1 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // answered below, together with numbers out of range
    }
    throw new ConfigurationException(
        "the variable " + name + " is \"" + text + "\"; it takes a port from 1 to 65535");
  }
}
