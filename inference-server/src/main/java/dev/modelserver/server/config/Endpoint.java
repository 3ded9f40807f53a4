package dev.modelserver.server.config;

/** What the data ports show besides predictions and health, each of which can be switched off. */
public enum Endpoint {
  /** {@code /metrics} on the data port; the management port keeps its own. */
  METRICS("metrics"),

  /** {@code /info}. */
  INFO("info"),

  /** {@code /docs} and the files that it loads. */
  DOCS("docs"),

  /** {@code /openapi.json}. */
  OPEN_API("openApi"),

  /** The reflection service of gRPC. */
  GRPC_REFLECTION("grpcReflection");

  private final String field;

  Endpoint(String field) {
    this.field = field;
  }

  /** Its name in the configuration. */
  String field() {
    return field;
  }
}
